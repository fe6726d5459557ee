import CLCMS
import Foundation
import Peripherals

/// The profile of sRGB (IEC 61966-2-1) for the output intent: what the colours of a page mean.
enum ColourProfile {
    static let name = "sRGB IEC61966-2.1"

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
        guard isSaved else { throw problem }
        return data
    }
}
