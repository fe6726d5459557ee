import CTurboJPEG
import Testing

@testable import FaceImage
@testable import Simulator

@Suite("A face for the screen")
struct FacePhotographTests {
    private static let seed = "001090123456"

    /// The pixels of a JPEG, by libjpeg-turbo.
    private func pixels(_ jpeg: [UInt8], width: Int, height: Int) throws -> [UInt8] {
        let decoder = try #require(tjInitDecompress())
        defer { tjDestroy(decoder) }
        var pixels = [UInt8](repeating: 0, count: width * height * 3)
        let status = tjDecompress2(
            decoder, jpeg, UInt(jpeg.count), &pixels, Int32(width), 0, Int32(height), TJPF_RGB.rawValue, 0)
        #expect(status == 0)
        return pixels
    }

    @Test("a JPEG passes through unchanged")
    func jpeg() throws {
        let picture = try SyntheticPortrait.picture(seed: Self.seed)
        let photograph = try FacePhotograph.make(of: picture)
        #expect(photograph.jpeg == picture && photograph.width == 240 && photograph.height == 320)
    }

    @Test(
        "JPEG 2000, in boxes or bare, becomes a JPEG that shows the same face",
        arguments: [SyntheticCitizen.Portrait.Coding.jpeg2000, .jpeg2000Codestream])
    func jpeg2000(_ coding: SyntheticCitizen.Portrait.Coding) throws {
        let picture = try SyntheticPortrait.picture(seed: Self.seed, coding)
        let photograph = try FacePhotograph.make(of: picture)
        #expect(FaceImageFormat(photograph.jpeg) == .jpeg)
        let drawn = SyntheticPortrait.draw(Self.seed)
        let shown = try pixels(photograph.jpeg, width: 240, height: 320)
        let difference = zip(drawn, shown).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }
        // The drawing has noise of ±8, which both compressions smooth.
        #expect(difference / drawn.count < 8)
    }

    @Test("the header tells what decoding costs")
    func header() throws {
        let picture = try SyntheticPortrait.picture(seed: Self.seed, .jpeg2000Codestream)
        let header = try JPEG2000Header(picture[...])
        #expect(header.width == 240 && header.height == 320 && header.tiles == 1 && header.layers == 1)
        #expect(header.components.map(\.precision) == [8, 8, 8])
        #expect(header.styles.first?.levels == 5 && header.styles.first?.blockX == 6)
        #expect((240 * 320 * 15..<3 << 20).contains(header.cost))
    }

    /// A codestream's headers by hand; nothing follows them.
    private func codestream(
        size: String = "00000100 00000100", tile: String = "00000100 00000100", components: String = "0001 070101",
        style: String = "00 00 0001 00 05 04 04 00 00", between: String = "", inTile: String = ""
    ) -> [UInt8] {
        func segment(_ marker: String, _ content: [UInt8]) -> [UInt8] {
            hex(marker) + [UInt8((content.count + 2) >> 8), UInt8((content.count + 2) & 0xFF)] + content
        }
        return hex("FF4F")
            + segment("FF51", hex("0000 \(size) 00000000 00000000 \(tile) 00000000 00000000 \(components)"))
            + segment("FF52", hex(style)) + hex("FF5C 0004 4000 \(between)")
            + hex("FF90 000A 0000 00000000 00 01 \(inTile) FF93 0000 FFD9")
    }

    @Test("the headers by hand are sound: without data they are a grey picture")
    func sound() throws {
        let header = try JPEG2000Header(codestream()[...])
        try header.checkCost()
        #expect(header.width == 256 && header.components.count == 1)
        #expect(try FacePhotograph.make(of: codestream()).height == 256)
    }

    @Test(
        "a few bytes that ask for much memory are refused before anything is decoded",
        arguments: [
            // Pixels; more pixels than a number holds.
            ("00000800 00000800", "00000800 00000800", "0003 070101 070101 070101", "00 00 0001 00 05 04 04 00 00"),
            ("FFFFFFFF FFFFFFFF", "FFFFFFFF FFFFFFFF", "0001 070101", "00 00 0001 00 05 04 04 00 00"),
            // Many empty packets: little memory, much time.
            ("00000100 00000100", "00000100 00000100", "0001 070101", "00 00 0FA0 00 05 04 04 00 00"),
            // One tile a pixel.
            ("00000100 00000100", "00000001 00000001", "0001 070101", "00 00 0001 00 05 04 04 00 00"),
            // Precincts of one pixel; code-blocks of sixteen pixels; layers without end.
            ("00000200 00000200", "00000200 00000200", "0001 070101", "01 00 0001 00 00 04 04 00 00 00"),
            ("00000300 00000300", "00000300 00000300", "0001 070101", "00 00 0001 00 05 00 00 00 00"),
            (
                "00000100 00000100", "00000100 00000100", "0001 070101",
                "01 00 FFFF 00 05 04 04 00 00 55 55 55 55 55 55"
            ),
        ])
    func bombs(_ size: String, _ tile: String, _ components: String, _ style: String) {
        let bytes = codestream(size: size, tile: tile, components: components, style: style)
        #expect {
            try FacePhotograph.make(of: bytes)
        } throws: { error in
            if case .tooLarge = error as? FaceImageError { true } else { false }
        }
    }

    @Test("what photographs do not use is refused by name")
    func unsupported() {
        let cases = [
            codestream(components: "0005 070101 070101 070101 070101 070101"), codestream(components: "0001 1F0101"),
            codestream(components: "0001 070301"), codestream(between: "FF5F 0009 00 0000 01 01 01 00"),
            codestream(between: "FF60 0004 0000"), codestream(inTile: "FF52 000C 00 00 0001 00 05 04 04 00 00"),
            codestream(style: "00 00 0001 00 20 04 04 00 00"),
        ]
        for bytes in cases {
            #expect {
                try FacePhotograph.make(of: bytes)
            } throws: { error in
                if case .unsupported = error as? FaceImageError { true } else { false }
            }
        }
    }

    @Test("boxes: order and unknown ones do not matter, lengths do; a palette is refused; sYCC is noticed")
    func boxes() throws {
        let stream = try SyntheticPortrait.picture(seed: Self.seed, .jpeg2000Codestream)
        func box(_ type: String, _ content: [UInt8], length: Int? = nil) -> [UInt8] {
            let length = length ?? content.count + 8
            return [UInt8(length >> 24), UInt8(length >> 16 & 0xFF), UInt8(length >> 8 & 0xFF), UInt8(length & 0xFF)]
                + Array(type.utf8) + content
        }
        let head = box("jP  ", [0x0D, 0x0A, 0x87, 0x0A])
        func colour(_ space: UInt8) -> [UInt8] { box("jp2h", box("colr", [1, 0, 0, 0, 0, 0, space])) }
        let toTheEnd = head + box("xxxx", []) + colour(16) + box("jp2c", stream, length: 0)
        #expect(try JPEG2000Boxes(toTheEnd).codestream.elementsEqual(stream))
        let long = head + box("jp2c", hex("00000000") + [0, 0, 0, UInt8(0)], length: 1)
        #expect(throws: FaceImageError.self) { try JPEG2000Boxes(long) }
        #expect(try JPEG2000Boxes(head + colour(18) + box("jp2c", stream)).isYCC)
        #expect(try !JPEG2000Boxes(head + colour(16) + box("jp2c", stream)).isYCC)
        #expect(try FacePhotograph.make(of: head + colour(18) + box("jp2c", stream)).width == 240)
        for bad in [
            head, head + box("jp2c", stream, length: stream.count + 9), head + box("jp2c", stream, length: 7),
            head + box("jp2h", box("pclr", [])) + box("jp2c", stream),
            head + (0..<100).flatMap { _ in box("free", []) } + box("jp2c", stream),
        ] { #expect(throws: FaceImageError.self) { try FacePhotograph.make(of: bad) } }
    }

    @Test("what is no image, an endless one, and a JPEG of too many pixels")
    func noImage() throws {
        #expect(throws: FaceImageError.unknownFormat) { try FacePhotograph.make(of: [1, 2, 3]) }
        #expect(throws: FaceImageError.unknownFormat) { try FacePhotograph.make(of: []) }
        #expect(throws: FaceImageError.damaged("JPEG header")) { try FacePhotograph.make(of: hex("FFD8FFD9")) }
        #expect(throws: FaceImageError.tooLarge("262145 bytes")) {
            try FacePhotograph.make(of: [UInt8](repeating: 0xFF, count: 256 * 1024 + 1))
        }
        var picture = try SyntheticPortrait.picture(seed: Self.seed)
        let frame = try #require(picture.indices.first { picture[$0...].starts(with: hex("FFC0 0011 08")) })
        picture.replaceSubrange(frame + 5..<frame + 9, with: hex("FFDC FFDC"))
        #expect(throws: FaceImageError.tooLarge("65500 × 65500 pixels")) { try FacePhotograph.make(of: picture) }
    }

    @Test("a damaged image gives a photograph or an error, and ends")
    func damaged() throws {
        let picture = try SyntheticPortrait.picture(seed: Self.seed, .jpeg2000)
        var state: UInt64 = 7
        for _ in 0..<20 {
            var bytes = picture
            for _ in 0..<3 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                bytes[Int(state >> 33) % bytes.count] = UInt8(truncatingIfNeeded: state >> 25)
            }
            _ = try? FacePhotograph.make(of: bytes)
        }
    }
}
