import SmartCard
import Testing

@Suite("What a card says about itself when it is switched on")
struct AnswerTests {
    @Test(
        "answers to reset: protocols, historical bytes, capabilities",
        arguments: [
            // A contact card of T=0, without a check byte.
            ("3B 65 00 00 9C 02 02 07 02", [UInt8(0)], "9C02020702", false, false),
            // As readers make it up for a card without historical bytes.
            ("3B 80 80 01 01", [0, 1], "", true, false),
            // Capabilities 73h: short identifiers, extended length, chaining.
            ("3B 88 80 01 80 73 C8 21 13 80 73 00 00", [0, 1], "8073C82113807300", true, false),
            ("3B 86 80 01 80 73 C4 21 C0 02 53", [0, 1], "8073C421C002", true, true),
            // Status bytes after the objects (category 00h).
            ("3B 88 80 01 00 73 C4 01 40 05 90 00 6C", [0, 1], "0073C40140059000", true, true),
            // TA1, TB1, TC1, then T=1 with a TA3.
            ("3B F2 96 00 00 81 31 FE 45 80 10 9D", [1, 1], "8010", false, false),
        ])
    func reset(_ text: String, _ protocols: [UInt8], _ historical: String, _ contactless: Bool, _ extended: Bool)
        throws
    {
        var bytes = hex(text)
        // The table gives the last byte as it is written; TCK is put right here by its definition.
        if protocols != [0] { bytes[bytes.count - 1] = bytes[1..<bytes.count - 1].reduce(0, ^) }
        let answer = try AnswerToReset(bytes)
        #expect(answer.protocols == protocols)
        #expect(answer.historical.bytes == hex(historical))
        #expect(answer.isContactless == contactless)
        #expect((answer.capabilities?.takesExtendedLength ?? false) == extended)
    }

    @Test("a published answer has the check byte that it was published with")
    func publishedCheckByte() throws {
        // PC/SC part 3, 3.1.3.2.3.2: a storage card.
        let answer = try AnswerToReset(hex("3B 8F 80 01 80 4F 0C A0 00 00 03 06 03 00 01 00 00 00 00 6A"))
        // `4F 0C` is BER's form there, no compact object: nothing is read into it.
        #expect(answer.isContactless && answer.historical.objects.isEmpty)
    }

    @Test("a damaged or impossible answer to reset is refused with its reason")
    func damaged() {
        let whole = hex("3B 8F 80 01 80 4F 0C A0 00 00 03 06 03 00 01 00 00 00 00 6A")
        for length in 0..<whole.count {
            #expect(throws: AnswerToReset.Failure.truncated) { try AnswerToReset(Array(whole.prefix(length))) }
        }
        for index in 5..<whole.count {
            var bytes = whole
            bytes[index] ^= 0x10
            #expect(throws: AnswerToReset.Failure.checkByte) { try AnswerToReset(bytes) }
        }
        #expect(throws: AnswerToReset.Failure.convention) { try AnswerToReset(hex("4B 80")) }
        // TD after TD after TD: the length ends it.
        #expect(throws: AnswerToReset.Failure.truncated) {
            try AnswerToReset([0x3B] + [UInt8](repeating: 0x80, count: 32))
        }
        #expect(throws: AnswerToReset.Failure.tooLong) {
            try AnswerToReset([0x3B] + [UInt8](repeating: 0x80, count: 33))
        }
    }

    @Test("answers to select: frame size, bit rates, waiting time")
    func select() throws {
        // FSCI 8, both directions to 848 kbit/s, FWI 8, CID.
        let answer = try #require(AnswerToSelect(hex("0A 78 77 80 02 80 73 C4 21 C0")))
        #expect(answer.frameSize == 256 && answer.fastestFromCard == 848 && answer.fastestToCard == 848)
        #expect(answer.frameWaitingTimeUs == 77_328)
        #expect(answer.capabilities?.takesExtendedLength == true)
        #expect(answer.capabilities?.readsByShortIdentifier == true)
        let least = try #require(AnswerToSelect([1]))
        #expect(least.frameSize == 32 && least.fastestFromCard == 106 && least.frameWaitingTimeUs == 4833)
        // Only towards the card faster than 106; a frame size from the future is the greatest known.
        let mixed = try #require(AnswerToSelect(hex("03 1F 03")))
        #expect(mixed.fastestToCard == 424 && mixed.fastestFromCard == 106 && mixed.frameSize == 4096)
        for text in ["", "00", "02", "02 10", "05 78 00 00"] { #expect(AnswerToSelect(hex(text)) == nil) }
    }

    @Test("historical bytes of the maker's own form have no objects; one that runs over the end ends the list")
    func historical() {
        #expect(HistoricalBytes(hex("C1 73 C4 21 C0")).capabilities == nil)
        #expect(HistoricalBytes(hex("80 31 A0 75 01 02")).objects == [3: [0xA0]])
        #expect(HistoricalBytes(hex("00 05")).objects.isEmpty)
        #expect(HistoricalBytes([]).objects.isEmpty)
    }
}
