import Synchronization

/// A drawn face for DG2: nobody's, told apart by its colours, with noise so that it has the size of a real photograph.
enum SyntheticPortrait {
    static let width = 240
    static let height = 320

    /// Pictures drawn already: a face does not change, and drawing takes a tenth of a second without optimisation.
    private static let drawn = Mutex<[String: [UInt8]]>([:])

    /// - Parameter seed: the same seed gives the same picture.
    static func picture(seed: String, _ coding: SyntheticCitizen.Portrait.Coding = .jpeg) throws -> [UInt8] {
        // Drawn under the lock, so that nobody draws the same face twice.
        try drawn.withLock { pictures in
            let key = "\(coding) \(seed)"
            if let picture = pictures[key] { return picture }
            let picture = try PortraitCoding.encode(draw(seed), coding)
            pictures[key] = picture
            return picture
        }
    }

    /// Rows of red, green and blue.
    static func draw(_ seed: String) -> [UInt8] {
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
        return pixels
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
}
