import Peripherals
import Testing

@testable import TicketPrinter

@Suite struct ESCPOSTests {
    @Test("commands have the bytes of Epson's reference")
    func commands() {
        #expect(ESCPOS.initialise == [0x1B, 0x40])
        #expect(ESCPOS.realTimeStatus(.paperSensor) == [0x10, 0x04, 0x04])
        #expect(ESCPOS.automaticStatus(true) == [0x1D, 0x61, 0x0E])
        #expect(ESCPOS.cut(afterUnits: 24) == [0x1D, 0x56, 66, 24])
        #expect(
            ESCPOS.fence(FenceID(0x1234)) == [0x1D, 0x28, 0x48, 6, 0, 0x30, 0x30, 0x41, 0x42, 0x43, 0x44])
        #expect(ESCPOS.end(.partial) == ESCPOS.cut())
        #expect(ESCPOS.end(.full) == [0x1D, 0x56, 65, 24])
        #expect(ESCPOS.end(.none) == [0x1B, 0x64, 5])
        #expect(ESCPOS.paperSensorStatus == [0x1D, 0x72, 1])
    }

    @Test("every fence id is printable and has bit 4 clear", arguments: [0, 1, 0x1234, 0xFFFF] as [UInt16])
    func fenceIDs(_ number: UInt16) {
        let id = FenceID(number)
        #expect(id.bytes.allSatisfy { (0x20...0x7E).contains($0) && $0 & 0x10 == 0 })
        #expect(FenceID(bytes: id.bytes) == id)
        #expect(number == 0xFFFF || FenceID(number + 1) != id)
    }

    @Test(
        "real-time answers become the condition that has to be repaired first",
        arguments: [
            ([0x12, 0x12, 0x12, 0x12], PrinterCondition.ready),
            ([0x12, 0x12, 0x12, 0x1E], .paperNearEnd),
            ([0x1A, 0x32, 0x12, 0x7E], .paperOut),
            ([0x1A, 0x12, 0x12, 0x72], .paperOut),
            ([0x1A, 0x16, 0x12, 0x12], .coverOpen),
            ([0x1A, 0x36, 0x12, 0x72], .coverOpen),
            ([0x1A, 0x52, 0x1A, 0x12], .cutterJam),
            ([0x1A, 0x52, 0x32, 0x12], .fault),
            ([0x1A, 0x52, 0x52, 0x12], .overheated),
            ([0x1A, 0x12, 0x12, 0x12], .offline),
        ] as [([UInt8], PrinterCondition)])
    func conditions(_ answers: [UInt8], _ expected: PrinterCondition) {
        var status = ESCPOSStatus()
        for (request, byte) in zip(ESCPOSStatus.Request.allCases, answers) { status.apply(byte, to: request) }
        #expect(status.condition == expected)
    }

    @Test(
        "automatic status says the same",
        arguments: [
            ([0x10, 0x00, 0x00, 0x0F], PrinterCondition.ready),
            ([0x18, 0x00, 0x0F, 0x0F], .paperOut),
            ([0x38, 0x00, 0x0F, 0x0F], .coverOpen),
            ([0x18, 0x08, 0x00, 0x0F], .cutterJam),
            ([0x18, 0x20, 0x00, 0x0F], .fault),
            ([0x10, 0x00, 0x03, 0x0F], .paperNearEnd),
        ] as [([UInt8], PrinterCondition)])
    func automatic(_ bytes: [UInt8], _ expected: PrinterCondition) {
        #expect(ESCPOSStatus(automatic: bytes).condition == expected)
    }

    @Test(
        "the port status byte: paper first, then what is only not well",
        arguments: [(0x18, nil), (0x38, .paperOut), (0x20, .paperOut), (0x10, .offline), (0x08, .offline)]
            as [(UInt8, PrinterCondition?)])
    func portStatus(_ byte: UInt8, _ expected: PrinterCondition?) {
        #expect(PrinterPort.condition(ofStatus: byte) == expected)
    }

    @Test("IEEE 1284 ids are read, also with a length that lies")
    func deviceID() throws {
        let text = [UInt8]("MFG:EPSON;CMD:ESC/POS;MDL:TM-T20III;CLS:PRINTER;".utf8)
        for length in [text.count + 2, text.count, 0, 60000] {
            let id = try #require(IEEE1284ID(answer: [UInt8(length >> 8 & 0xFF), UInt8(length & 0xFF)] + text))
            #expect(id.manufacturer == "EPSON" && id.commandSet == "ESC/POS")
            #expect(id.model == "TM-T20III")
        }
        #expect(IEEE1284ID(text: "MANUFACTURER: A ; MODEL: B ")?.product == "A B")
        #expect(IEEE1284ID(answer: []) == nil && IEEE1284ID(answer: [0, 2]) == nil && IEEE1284ID(text: ";;:;") == nil)
    }
}

@Suite struct ESCPOSAnswerParserTests {
    private static let fence: [UInt8] = [0x37, 0x22, 0x41, 0x42, 0x43, 0x44, 0]
    private static let automatic: [UInt8] = [0x18, 0x00, 0x0F, 0x0F]

    private func parse(_ chunks: [UInt8]...) -> [ESCPOSAnswer] {
        var parser = ESCPOSAnswerParser()
        return chunks.flatMap { parser.feed($0) }
    }

    @Test("answers are the same wherever the transfers were cut", arguments: 0...12)
    func cutAnywhere(_ cut: Int) {
        let bytes = Self.automatic + [0x12] + Self.fence + [0x0C]
        let expected: [ESCPOSAnswer] = [
            .automatic(Self.automatic), .realTime(0x12), .fence(FenceID(0x1234)), .requested(0x0C),
        ]
        #expect(parse([UInt8](bytes[..<cut]), [UInt8](bytes[cut...])) == expected)
    }

    @Test("a real-time answer in the middle of a longer one is an answer of its own", arguments: 1...6)
    func interleaved(_ at: Int) {
        var bytes = Self.fence
        bytes.insert(0x1A, at: at)
        #expect(parse(bytes) == [.realTime(0x1A), .fence(FenceID(0x1234))])
    }

    @Test("a broken fence is noise, and what follows is understood")
    func brokenFence() {
        #expect(parse([0x37, 0x22, 0x41], Self.fence) == [.noise([0x37, 0x22, 0x41]), .fence(FenceID(0x1234))])
        #expect(parse([0x37, 0x26, 0x00]) == [.noise([0x37]), .requested(0x26), .requested(0x00)])
        #expect(parse([0x37, 0x25], [0x12, 0x00, 0x00]) == [.realTime(0x12), .cleared, .requested(0x00)])
        let foreign = parse([0x37, 0x22, 0x31, 0x32, 0x33, 0x34, 0])
        #expect(!foreign.contains { if case .fence = $0 { true } else { false } })
    }

    @Test("an automatic status that breaks off never becomes an answer to a request")
    func brokenAutomatic() {
        #expect(parse([0x18, 0x00], Self.automatic) == [.noise([0x18, 0x00]), .automatic(Self.automatic)])
        #expect(parse([0x18, 0x00, 0x0F], Self.fence) == [.noise([0x18, 0x00, 0x0F]), .fence(FenceID(0x1234))])
    }

    @Test("bytes with wrong fixed bits are not believed", arguments: [0x92, 0x93, 0x80, 0xFF, 0x13, 0x11] as [UInt8])
    func noise(_ byte: UInt8) {
        #expect(parse([byte]) == [.noise([byte])])
    }

    @Test("any stream of bytes is digested, and no proof comes out of it")
    func anything() {
        var parser = ESCPOSAnswerParser()
        var seed: UInt64 = 42
        var answers = 0
        for _ in 0..<20_000 {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            for answer in parser.feed([UInt8(seed >> 56)]) {
                answers += 1
                if case .fence = answer { Issue.record("a fence out of noise") }
            }
        }
        #expect(answers > 1000)
    }
}
