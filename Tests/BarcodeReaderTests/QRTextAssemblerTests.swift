import Testing

@testable import BarcodeReader

@Suite struct QRTextAssemblerTests {
    static let text = "052301000123||Nguyễn Thị Hồng Nhuận|01011950|Nữ|Phường Quy Nhơn, Tỉnh Gia Lai|25112021"

    /// A report written here by hand: number, length, identifier, data, flag.
    private func report(_ data: some Collection<UInt8>, more: Bool = false, aim: String = "]Q1", at: Int = 1) -> [UInt8]
    {
        var body = [UInt8](repeating: 0, count: 63)
        body[0] = UInt8(data.count)
        for (index, byte) in aim.utf8.enumerated() { body[at + index] = byte }
        for (index, byte) in data.enumerated() { body[(at == 2 ? 5 : 4) + index] = byte }
        body[62] = more ? 1 : 0
        return [2] + body
    }

    @Test("a text cut at any byte, also inside a letter, is the same text")
    func cutAnywhere() {
        let bytes = [UInt8]("Nguyễn Thị Hồng Nhuận|Nữ".utf8)
        for cut in 0...bytes.count {
            var assembler = QRTextAssembler()
            #expect(assembler.feed(report(bytes[..<cut], more: true)) == .needsMore)
            #expect(assembler.isHalfway)
            #expect(assembler.feed(report(bytes[cut...])) == .text("Nguyễn Thị Hồng Nhuận|Nữ"))
            #expect(!assembler.isHalfway)
        }
    }

    @Test("a text of many reports is joined, whatever their size", arguments: 1...56)
    func manyReports(_ size: Int) {
        let bytes = [UInt8](Self.text.utf8)
        var assembler = QRTextAssembler()
        var result = QRTextAssembler.Result.needsMore
        for start in stride(from: 0, to: bytes.count, by: size) {
            result = assembler.feed(report(bytes[start...].prefix(size), more: start + size < bytes.count))
        }
        #expect(result == .text(Self.text))
    }

    @Test(
        "the AIM identifier is taken off wherever the make puts it",
        arguments: [("]Q1", 1), ("]Q1", 2), ("]Q3", 1), ("", 1)])
    func identifiers(_ aim: String, _ at: Int) {
        var assembler = QRTextAssembler()
        #expect(assembler.feed(report([UInt8]("abc".utf8), aim: aim, at: at)) == .text("abc"))
        #expect(HIDPOSReport(report([], aim: aim, at: at))?.symbology == (aim.isEmpty ? nil : aim))
    }

    @Test("decomposed letters come out composed, a suffix of CR, LF or TAB is dropped")
    func normalised() {
        var assembler = QRTextAssembler()
        #expect(assembler.feed(report([UInt8]("Nguye\u{302}\u{303}n\r\n".utf8))) == .text("Nguy\u{1EC5}n"))
        #expect(assembler.feed(report([UInt8](" a b \t".utf8))) == .text(" a b "))
    }

    @Test("what is no scan is dropped with a reason, and the next scan is read")
    func rejected() {
        var assembler = QRTextAssembler()
        #expect(assembler.feed([]) == .rejected(.notAScan))
        #expect(assembler.feed([UInt8](repeating: 2, count: 63)) == .rejected(.notAScan))
        #expect(assembler.feed([3] + report([65]).dropFirst()) == .rejected(.notAScan))
        var impossible = report([65])
        impossible[1] = 60
        #expect(assembler.feed(impossible) == .rejected(.notAScan))
        #expect(assembler.feed(report([0xC3])) == .rejected(.notUTF8))
        #expect(assembler.feed(report([0x0D])) == .rejected(.empty))
        #expect(assembler.feed(report([65])) == .text("A"))
    }

    @Test("a scan without end is bounded, and forgotten")
    func bounded() {
        var assembler = QRTextAssembler()
        let data = [UInt8](repeating: 65, count: 56)
        for _ in 0..<1000 { #expect(assembler.feed(report(data, more: true)) == .needsMore) }
        #expect(assembler.feed(report(data)) == .rejected(.tooLong))
        #expect(assembler.feed(report([66])) == .text("B"))
        _ = assembler.feed(report(data, more: true))
        assembler.abandon()
        #expect(assembler.feed(report([66])) == .text("B"))
    }
}
