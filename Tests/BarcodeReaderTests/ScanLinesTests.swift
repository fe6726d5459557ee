import Testing

@testable import BarcodeReader

@Suite struct ScanLinesTests {
    @Test("CR, LF or both end a scan, wherever the bytes are cut", arguments: ["\r", "\n", "\r\n", "\n\r"])
    func endings(_ ending: String) {
        let bytes = [UInt8]((QRTextAssemblerTests.text + ending + "A005" + ending).utf8)
        for size in [1, 2, 3, 7, 64, bytes.count] {
            var lines = ScanLines()
            var found: [ScanLines.Line] = []
            for start in stride(from: 0, to: bytes.count, by: size) {
                found += lines.feed(bytes[start...].prefix(size))
            }
            #expect(found == [.text(QRTextAssemblerTests.text), .text("A005")])
            #expect(!lines.isHalfway)
        }
    }

    @Test("without an end a pause ends the scan; a pause between scans is none")
    func pauses() {
        var lines = ScanLines()
        #expect(lines.pause() == nil)
        #expect(lines.feed([UInt8]("Nữ".utf8)).isEmpty)
        #expect(lines.isHalfway)
        #expect(lines.pause() == .text("Nữ"))
        #expect(!lines.isHalfway && lines.pause() == nil)
    }

    @Test("an AIM identifier and STX, ETX, TAB around a scan are taken off, letters are composed")
    func frames() {
        var lines = ScanLines()
        #expect(lines.feed([UInt8]("]Q1abc\r".utf8)) == [.text("abc")])
        #expect(lines.feed([2] + [UInt8]("Nguye\u{302}\u{303}n".utf8) + [3, 0x0D]) == [.text("Nguy\u{1EC5}n")])
        #expect(lines.feed([UInt8]("]11\t\r".utf8)) == [.text("]11")])
    }

    @Test("bytes without end are bounded, and what is no UTF-8 is dropped with a reason")
    func bounds() {
        var lines = ScanLines()
        for _ in 0..<100 { #expect(lines.feed([UInt8](repeating: 65, count: 1000)).isEmpty) }
        #expect(lines.feed([0x0D]) == [.rejected(.tooLong)])
        #expect(lines.feed([0xC3, 0x0D, 66, 0x0A]) == [.rejected(.notUTF8), .text("B")])
        _ = lines.feed([65])
        lines.abandon()
        #expect(lines.feed([66, 0x0D]) == [.text("B")])
    }
}
