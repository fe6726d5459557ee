import SmartCard
import Testing

@testable import PCSC

@Suite("PC/SC: what pcscd says and what it means")
struct PCSCRulesTests {
    @Test(
        "each code of pcscd has one meaning",
        arguments: [
            (0x8010_000C, SmartCardError.noCard), (0x8010_0069, .noCard), (0x8010_0068, .removed),
            (0x8010_0066, .mute), (0x8010_001D, .readerGone), (0x8010_001E, .readerGone), (0x8010_0013, .readerGone),
            (0x8010_0009, .readerGone), (0x8010_002E, .readerGone), (0x8010_000A, .timedOut), (0x8010_0002, .cancelled),
            (0x8010_000B, .busy("another program, through pcscd")),
            (0x8010_0004, .reader("testing: pcscd says 80100004")),
        ] as [(Int, SmartCardError)])
    func codes(code: Int, meaning: SmartCardError) {
        #expect(PCSCError(code: code, doing: "testing").smartCardError == meaning)
    }

    @Test("a sign-extended code is the same code")
    func signExtended() {
        #expect(throws: PCSCError(code: 0x8010_001D, doing: "x")) { try PCSCContext.check(-0x7FEF_FFE3, "x") }
    }

    @Test("the greatest APDU stands in the properties of the reader (PC/SC part 10)")
    func features() {
        let features: [UInt8] = [0x06, 4, 0x42, 0x33, 0, 6, 0x12, 4, 0x42, 0x33, 0, 0x12]
        #expect(PCSCFeatures.propertiesCode(in: features) == 0x4233_0012)
        #expect(PCSCFeatures.maximumDataSize(in: [0x01, 1, 0, 0x0A, 4, 0, 0, 1, 0]) == 65_536)
        #expect(PCSCFeatures.maximumDataSize(in: [0x0A, 4, 0, 1]) == nil)
        #expect(PCSCFeatures.maximumDataSize(in: [0x0A, 2, 0, 1]) == nil)
        #expect(PCSCFeatures.maximumDataSize(in: [0x0A]) == nil)
        #expect(PCSCFeatures.propertiesCode(in: []) == nil)
    }

    private static let contactless: [UInt8] = [0x3B, 0x80, 0x80, 0x01, 0x01]
    private static let contact: [UInt8] = [0x3B, 0x15, 0x95, 0x53, 0x49, 0x4D, 0x53, 0x41]

    private func state(_ name: String, _ answer: [UInt8]? = nil) -> PCSCReaderState {
        PCSCReaderState(name: name, bits: answer == nil ? 0x10 : 0x20, answerToReset: answer ?? [])
    }

    @Test("of several readers the contactless one is taken, and kept as long as it is there")
    func choice() {
        var choice = PCSCReaderChoice()
        #expect(choice.see([]) == .noReader)
        #expect(choice.see([state("Reader SAM 00")]) == .noReader)
        #expect(choice.see([state("A"), state("B")]) == .ready("A", hasCard: false))
        #expect(choice.see([state("A"), state("B", Self.contactless)]) == .ready("B", hasCard: true))
        #expect(choice.see([state("A", Self.contactless), state("B")]) == .ready("B", hasCard: false))
        #expect(choice.see([state("A", Self.contactless)]) == .ready("A", hasCard: true))
    }

    @Test("what lay there from the start with an answer of its own is a security module; what was laid on is a card")
    func modules() {
        var choice = PCSCReaderChoice()
        #expect(choice.see([state("A", Self.contact), state("B")]) == .ready("B", hasCard: false))
        #expect(choice.see([state("A", Self.contact), state("B", Self.contact)]) == .ready("B", hasCard: true))
        #expect(choice.see([state("A"), state("B")]) == .ready("A", hasCard: false))
        #expect(choice.see([state("A", Self.contact), state("B")]) == .ready("A", hasCard: true))
        var single = PCSCReaderChoice()
        #expect(single.see([state("A", Self.contact)]) == .ready("A", hasCard: true))
        var mute = PCSCReaderChoice()
        #expect(mute.see([PCSCReaderState(name: "A", bits: 0x220)]) == .ready("A", hasCard: false))
    }

    @Test("a name in the settings decides")
    func named() {
        var choice = PCSCReaderChoice(wanted: "ACR1252")
        #expect(choice.see([state("Other", Self.contactless)]) == .noReader)
        #expect(
            choice.see([state("Other", Self.contactless), state("ACS ACR1252 00 00")])
                == .ready("ACS ACR1252 00 00", hasCard: false))
    }

    @Test("a reader that pcscd lists and cannot use is none")
    func unusable() {
        var choice = PCSCReaderChoice()
        #expect(choice.see([PCSCReaderState(name: "A", bits: 0x08)]) == .noReader)
    }
}
