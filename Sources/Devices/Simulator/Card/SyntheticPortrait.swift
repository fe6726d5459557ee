import CTurboJPEG
import Synchronization

/// A drawn face for DG2: nobody's, told apart by its colours, with noise so that it has the size of a real photograph.
enum SyntheticPortrait {
    static let width = 240
    static let height = 320

    /// Pictures drawn already: a face does not change, and drawing takes a tenth of a second without optimisation.
    private static let drawn = Mutex<[String: [UInt8]]>([:])

    /// - Parameter seed: the same seed gives the same picture.
    static func jpeg(seed: String) throws -> [UInt8] {
        // Drawn under the lock, so that nobody draws the same face twice.
        try drawn.withLock { pictures in
            if let picture = pictures[seed] { return picture }
            let picture = try draw(seed)
            pictures[seed] = picture
            return picture
        }
    }

    private static func draw(_ seed: String) throws -> [UInt8] {
        var state = seed.utf8.reduce(UInt64(14_695_981_039_346_656_037)) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }
        func random(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        let shirt = (40 + random(160), 40 + random(160), 40 + random(160))
        let skin = (200 + random(30), 160 + random(30), 125 + random(25))
        var pixels = [UInt8](repeating: 0, count: width * height * 3)
        for y in 0..<height {
            for x in 0..<width {
                let base = color(x, y, shirt: shirt, skin: skin)
                let noise = random(17) - 8
                let at = (y * width + x) * 3
                pixels[at] = UInt8(clamping: base.0 + noise)
                pixels[at + 1] = UInt8(clamping: base.1 + noise)
                pixels[at + 2] = UInt8(clamping: base.2 + noise)
            }
        }
        return try compress(pixels)
    }

    private static func color(
        _ x: Int, _ y: Int, shirt: (Int, Int, Int), skin: (Int, Int, Int)
    ) -> (Int, Int, Int) {
        func isInside(_ cx: Int, _ cy: Int, _ rx: Int, _ ry: Int) -> Bool {
            let (dx, dy) = ((x - cx) * 1000 / rx, (y - cy) * 1000 / ry)
            return dx * dx + dy * dy < 1_000_000
        }
        if isInside(95, 140, 8, 5) || isInside(145, 140, 8, 5) { return (40, 30, 30) }
        if isInside(120, 205, 22, 5) { return (170, 80, 80) }
        if isInside(120, 155, 58, 78) && y > 95 { return skin }
        if isInside(120, 135, 66, 80) { return (35, 28, 26) }
        if isInside(120, 340, 110, 110) { return shirt }
        return (235 - y / 16, 238 - y / 16, 245 - y / 16)
    }

    private static func compress(_ pixels: [UInt8]) throws -> [UInt8] {
        guard let compressor = tjInitCompress() else { throw PortraitFailure() }
        defer { tjDestroy(compressor) }
        var buffer: UnsafeMutablePointer<UInt8>?
        var size: UInt = 0
        defer { tjFree(buffer) }
        let done = tjCompress2(
            compressor, pixels, Int32(width), 0, Int32(height), Int32(TJPF_RGB.rawValue), &buffer, &size,
            Int32(TJSAMP_420.rawValue), 80, 0)
        guard done == 0, let buffer else { throw PortraitFailure() }
        return Array(UnsafeBufferPointer(start: buffer, count: Int(size)))
    }

    private struct PortraitFailure: Error {}

    /// DG2 (ICAO 9303-10, 4.7.2): one biometric information template with a facial record of ISO/IEC 19794-5.
    static func dataGroup2(seed: String) throws -> [UInt8] {
        let picture = try jpeg(seed: seed)
        func word(_ value: Int) -> [UInt8] { [UInt8(value >> 8 & 0xFF), UInt8(value & 0xFF)] }
        func long(_ value: Int) -> [UInt8] { word(value >> 16) + word(value) }
        // Feature points, sex, eyes, hair, properties, expression, pose: all unspecified.
        let features = word(0) + [UInt8](repeating: 0, count: 14)
        // Full frontal, JPEG, size, sRGB, static camera.
        let image = [1, 0] + word(width) + word(height) + [1, 2] + word(0) + word(0)
        let block = long(4 + features.count + image.count + picture.count) + features + image + picture
        let record = Array("FAC\u{0}010\u{0}".utf8) + long(14 + block.count) + word(1) + block
        let header = ChipTLV.object(
            0xA1,
            ChipTLV.object(0x80, [1, 1]) + ChipTLV.object(0x81, [2]) + ChipTLV.object(0x87, [1, 1])
                + ChipTLV.object(0x88, [0, 8]))
        let template = ChipTLV.object([0x7F, 0x60], header + ChipTLV.object([0x5F, 0x2E], record))
        return ChipTLV.object(0x75, ChipTLV.object([0x7F, 0x61], ChipTLV.object(0x02, [1]) + template))
    }
}
