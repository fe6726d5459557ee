/// DG2 (ICAO 9303-10, 4.7.2): one biometric information template around the synthetic face.
enum PortraitRecord {
    private static let width = SyntheticPortrait.width
    private static let height = SyntheticPortrait.height

    /// - Parameter least: the picture is made at least so long, by zeros behind its end, which decoders pass over.
    static func dataGroup2(_ citizen: SyntheticCitizen, least: Int = 0) throws -> [UInt8] {
        let coding = citizen.portrait.coding
        var picture = try SyntheticPortrait.picture(seed: citizen.number, coding)
        picture += [UInt8](repeating: 0, count: max(0, least - picture.count))
        let (block, format): ([UInt8], UInt8) =
            switch citizen.portrait.container {
            case .iso19794of2005: (ChipTLV.object([0x5F, 0x2E], record2005(picture, coding)), 0x08)
            case .iso19794of2011: (ChipTLV.object([0x5F, 0x2E], record2011(picture, coding)), 0x08)
            case .iso39794: (ChipTLV.object([0x7F, 0x2E], record39794(picture, coding)), 0x2A)
            }
        // Version, facial features, owner (JTC 1/SC 37) and type of the format.
        let header = ChipTLV.object(
            0xA1,
            ChipTLV.object(0x80, [1, 1]) + ChipTLV.object(0x81, [2]) + ChipTLV.object(0x87, [1, 1])
                + ChipTLV.object(0x88, [0, format]))
        let template = ChipTLV.object([0x7F, 0x60], header + block)
        return ChipTLV.object(0x75, ChipTLV.object([0x7F, 0x61], ChipTLV.object(0x02, [1]) + template))
    }

    private static func word(_ value: Int) -> [UInt8] { [UInt8(value >> 8 & 0xFF), UInt8(value & 0xFF)] }
    private static func long(_ value: Int) -> [UInt8] { word(value >> 16) + word(value) }
    private static func dataType(_ coding: SyntheticCitizen.Portrait.Coding) -> UInt8 { coding == .jpeg ? 0 : 1 }

    /// ISO/IEC 19794-5:2005.
    private static func record2005(_ picture: [UInt8], _ coding: SyntheticCitizen.Portrait.Coding) -> [UInt8] {
        // Feature points, sex, eyes, hair, properties, expression, pose: all unspecified.
        let features = word(0) + [UInt8](repeating: 0, count: 14)
        // Full frontal, coding, size, sRGB, static camera.
        let image = [1, dataType(coding)] + word(width) + word(height) + [1, 2] + word(0) + word(0)
        let block = long(4 + features.count + image.count + picture.count) + features + image + picture
        return Array("FAC\u{0}010\u{0}".utf8) + long(14 + block.count) + word(1) + block
    }

    /// ISO/IEC 19794-5:2011, with one quality record and two landmark points.
    private static func record2011(_ picture: [UInt8], _ coding: SyntheticCitizen.Portrait.Coding) -> [UInt8] {
        // Captured on 2 May 2021 at noon by a static camera of nobody's.
        let capture = word(2021) + [5, 2, 12, 0, 0] + word(0) + [2] + word(0) + word(0)
        let quality = [1, 80] + word(0) + word(1)
        // Points, sex, eyes, hair, height, properties, expression, pose, its uncertainty.
        let features = word(2) + [UInt8](repeating: 0, count: 15)
        let points = [1, 0x31] + word(95) + word(140) + word(0) + [1, 0x32] + word(145) + word(140) + word(0)
        // Full frontal, coding, size, sampling rate, processing, reference, 24-bit sRGB.
        let image = [1, dataType(coding)] + word(width) + word(height) + [0] + word(0) + [0, 1]
        let content = capture + quality + features + points + image + long(picture.count) + picture
        let block = long(4 + content.count) + content
        return Array("FAC\u{0}030\u{0}".utf8) + long(17 + block.count) + word(1) + [0] + word(0) + block
    }

    /// ISO/IEC 39794-5 as the application profile for travel documents narrows it.
    private static func record39794(_ picture: [UInt8], _ coding: SyntheticCitizen.Portrait.Coding) -> [UInt8] {
        let version = ChipTLV.object(0xA0, ChipTLV.object(0x80, [3]) + ChipTLV.object(0x81, [0x07, 0xE3]))
        // ImageDataFormat: 2 is JPEG, 3 JPEG 2000 lossy; then the size.
        let information =
            ChipTLV.object(0xA0, ChipTLV.object(0x80, [coding == .jpeg ? 2 : 3]))
            + ChipTLV.object(0xA7, ChipTLV.object(0x80, word(width)) + ChipTLV.object(0x81, word(height)))
        let flat = ChipTLV.object(0x80, picture) + ChipTLV.object(0xA1, information)
        let representation =
            ChipTLV.object(0x80, [0]) + ChipTLV.object(0xA1, ChipTLV.object(0xA0, ChipTLV.object(0xA0, flat)))
        let all = ChipTLV.object(0xA1, ChipTLV.object(0x30, representation))
        return ChipTLV.object(0xA1, ChipTLV.object(0x65, version + all))
    }
}
