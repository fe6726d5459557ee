import CLCMS
import Foundation
import Peripherals

/// The profile of sRGB (IEC 61966-2-1) for the output intent: what the colours of a page mean.
enum ColourProfile {
    static let name = "sRGB IEC61966-2.1"

    /// Where the header says when the profile was made (ICC.1:2001-04, 6.1): year to second, two bytes each. Little CMS writes
    /// the present moment, and the same pages would give other bytes a second later.
    private static let dateRange = 24..<36
    /// October 1999: the standard's own age.
    private static let date: [UInt8] = [0x07, 0xCF, 0, 10, 0, 1, 0, 0, 0, 0, 0, 0]

    /// Version 2 of the ICC's format, which every reader knows.
    static func sRGB() throws(PageError) -> Data {
        let problem = PageError.failed("the sRGB profile cannot be made by Little CMS")
        guard let profile = cmsCreate_sRGBProfile() else { throw problem }
        defer { cmsCloseProfile(profile) }
        cmsSetProfileVersion(profile, 2.1)
        var count: cmsUInt32Number = 0
        guard cmsSaveProfileToMem(profile, nil, &count) != 0, count > 0 else { throw problem }
        var data = Data(count: Int(count))
        let isSaved = data.withUnsafeMutableBytes { cmsSaveProfileToMem(profile, $0.baseAddress, &count) != 0 }
        guard isSaved, data.count >= 128 else { throw problem }
        data.replaceSubrange(dateRange, with: date)
        return data
    }
}
