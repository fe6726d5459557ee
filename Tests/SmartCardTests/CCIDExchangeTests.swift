import Testing

@testable import SmartCard

@Suite("CCID exchange")
struct CCIDExchangeTests {
    private func exchange(
        _ request: CCIDExchange.Request, after sequence: UInt8 = 6, maximum: Int = 32, mayChain: Bool = true
    ) -> CCIDExchange {
        CCIDExchange(
            request, slot: 0, after: sequence, maximum: maximum, mayChain: mayChain, patience: .seconds(1))
    }

    private func frame(
        _ sequence: UInt8, type: UInt8 = 0x80, status: UInt8 = 0, error: UInt8 = 0, chain: UInt8 = 0,
        _ data: [UInt8] = []
    ) -> [UInt8] {
        [type, UInt8(data.count), 0, 0, 0, 0, sequence, status, error, chain] + data
    }

    private let ok = CCIDReply(data: [0x90, 0x00], card: .active)

    @Test("a short command goes out whole, its answer comes back")
    func whole() {
        var exchange = exchange(.transmit([0x00, 0x84, 0x00, 0x00, 0x08]))
        #expect(exchange.start() == .send(hex("6F05000000 00 07 00 0000 0084000008"), deadline: .seconds(1)))
        #expect(exchange.receive(frame(7, [0x90, 0x00])) == .finished(ok))
    }

    @Test("a long command is split, the reader asking for each part; a long answer is joined (6.1.4, 6.2.1)")
    func chaining() {
        let command = [UInt8](0..<50)
        var exchange = exchange(.transmit(command))
        #expect(exchange.start() == .send(hex("6F16000000 00 07 00 0100") + command[0..<22], deadline: .seconds(1)))
        #expect(
            exchange.receive(frame(7, chain: 0x10))
                == .send(hex("6F16000000 00 08 00 0300") + command[22..<44], deadline: .seconds(1)))
        #expect(
            exchange.receive(frame(8, chain: 0x10))
                == .send(hex("6F06000000 00 09 00 0200") + command[44..<50], deadline: .seconds(1)))
        #expect(
            exchange.receive(frame(9, chain: 1, [1, 2]))
                == .send(hex("6F00000000 00 0A 00 1000"), deadline: .seconds(1)))
        #expect(
            exchange.receive(frame(10, chain: 3, [3])) == .send(hex("6F00000000 00 0B 00 1000"), deadline: .seconds(1)))
        #expect(
            exchange.receive(frame(11, chain: 2, [0x90, 0x00]))
                == .finished(CCIDReply(data: [1, 2, 3, 0x90, 0x00], card: .active)))
    }

    @Test("a reader that cannot chain refuses a long command before anything is sent")
    func noChaining() {
        var exchange = exchange(.transmit([UInt8](repeating: 0, count: 23)), mayChain: false)
        #expect(exchange.start() == .failed(.commandTooLong))
    }

    @Test(
        "frames of another number or slot are dropped, also when the number wraps",
        arguments: [0, 254, 255] as [UInt8])
    func staleFrames(_ last: UInt8) {
        var exchange = exchange(.slotStatus, after: last)
        _ = exchange.start()
        let own = last &+ 1
        for stale in [last, last &- 1, own &+ 1] {
            #expect(exchange.receive(frame(stale, type: 0x81)) == .wait(.seconds(1)))
        }
        #expect(exchange.receive([]) == .wait(.seconds(1)))
        var foreign = frame(own, type: 0x81)
        foreign[5] = 1
        #expect(exchange.receive(foreign) == .wait(.seconds(1)))
        #expect(exchange.receive(frame(own, type: 0x81, status: 2)) == .finished(CCIDReply(data: [], card: .absent)))
    }

    @Test("a bounded number of stale frames, then an abort")
    func endlessStaleFrames() {
        var exchange = exchange(.slotStatus)
        _ = exchange.start()
        for _ in 0..<CCIDExchange.staleFrameLimit {
            #expect(exchange.receive(frame(99, type: 0x81)) == .wait(.seconds(1)))
        }
        expectAbort(exchange.receive(frame(99, type: 0x81)), sequence: 8)
        #expect(exchange.receive(frame(8, type: 0x81)) == .failed(.aborted(.staleFrames)))
    }

    @Test("a time extension keeps the exchange alive, whatever its message type; an endless row of them ends it")
    func timeExtension() {
        var exchange = exchange(.transmit([0]))
        _ = exchange.start()
        for type in [0x80, 0x81, 0x82, 0x83] as [UInt8] {
            #expect(exchange.receive(frame(7, type: type, status: 0x80, error: 1)) == .wait(.seconds(1)))
        }
        for _ in 4..<CCIDExchange.timeExtensionLimit { _ = exchange.receive(frame(7, status: 0x80, error: 1)) }
        expectAbort(exchange.receive(frame(7, status: 0x80, error: 1)), sequence: 8)
    }

    @Test("silence leads to one abort, then the exchange is over: with its answer or without")
    func silence() {
        var exchange = exchange(.transmit([0]))
        _ = exchange.start()
        expectAbort(exchange.receiveNothing(), sequence: 8)
        var other = exchange
        // The late answer to the aborted command is stale by now.
        #expect(exchange.receive(frame(7, [0x90, 0x00])) == .wait(.seconds(1)))
        #expect(exchange.receive(frame(8, type: 0x81)) == .failed(.aborted(.silence)))
        #expect(other.receiveNothing() == .failed(.unresponsive(.silence)))
    }

    @Test(
        "a frame that is no message is answered with an abort",
        arguments: [
            "80", "800000000000070000", "8016C00000 00 07 000000 55AA", "8005000000 00 07 000000 9000",
            "80FFFFFFFF 00 07 000000", "8200000000 00 07 000000",
        ])
    func malformed(_ text: String) {
        var exchange = exchange(.transmit([0]))
        _ = exchange.start()
        expectAbort(exchange.receive(hex(text)), sequence: 8)
    }

    @Test(
        "what the reader refuses has a name",
        arguments: [
            (0x42, 0xFE, CCIDError.noCard), (0x40, 0xFE, .mute(code: 0xFE)), (0x41, 0xFD, .mute(code: 0xFD)),
            (0x40, 0xE0, .refused(code: 0xE0)), (0x41, 0x07, .refused(code: 7)),
        ] as [(UInt8, UInt8, CCIDError)])
    func refused(status: UInt8, error: UInt8, expected: CCIDError) {
        var exchange = exchange(.powerOn)
        _ = exchange.start()
        #expect(exchange.receive(frame(7, status: status, error: error)) == .failed(expected))
    }

    @Test("an answer that never ends is aborted at the length of the longest response")
    func endlessAnswer() {
        var exchange = exchange(.transmit([0]), maximum: 65_000)
        _ = exchange.start()
        let part = [UInt8](repeating: 0, count: 250)
        var step = CCIDStep.wait(.zero)
        for _ in 0...CCIDExchange.answerLimit / 250 {
            step = exchange.receive(frame(exchange.sequence, chain: 3, part))
        }
        if case .abort = step {} else { Issue.record("expected an abort") }
    }

    private func expectAbort(_ step: CCIDStep, sequence: UInt8, location: SourceLocation = #_sourceLocation) {
        #expect(
            step
                == .abort(
                    slot: 0, sequence: sequence, message: [0x72, 0, 0, 0, 0, 0, sequence, 0, 0, 0],
                    deadline: .milliseconds(500)), sourceLocation: location)
    }
}

@Suite("CCID descriptors, notifications and status words")
struct CCIDDetailTests {
    /// USB CCID 1.1, 5.1: the level bits of dwFeatures at 40, dwMaxCCIDMessageLength at 44.
    private func descriptor(features: UInt32, maximum: UInt32) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 54)
        (bytes[0], bytes[1], bytes[4], bytes[53]) = (54, 0x21, 1, 1)
        for index in 0..<4 {
            bytes[40 + index] = UInt8(truncatingIfNeeded: features >> (8 * index))
            bytes[44 + index] = UInt8(truncatingIfNeeded: maximum >> (8 * index))
        }
        return bytes
    }

    @Test(
        "dwFeatures tells the exchange level",
        arguments: [
            (0x0004_04BA, CCIDDescriptor.ExchangeLevel.extendedAPDU), (0x0002_0040, .shortAPDU),
            (0x0001_0030, .tpdu), (0x0000_0030, .character),
        ] as [(UInt32, CCIDDescriptor.ExchangeLevel)])
    func level(features: UInt32, level: CCIDDescriptor.ExchangeLevel) throws {
        let parsed = try #require(CCIDDescriptor(descriptor(features: features, maximum: 522)))
        #expect(parsed.level == level && parsed.maximumMessageLength == 522 && parsed.highestSlot == 1)
    }

    @Test("a descriptor that promises nonsense is refused")
    func nonsense() {
        #expect(CCIDDescriptor(descriptor(features: 0, maximum: 9)) == nil)
        #expect(CCIDDescriptor(descriptor(features: 0, maximum: .max)) == nil)
        #expect(CCIDDescriptor(Array(descriptor(features: 0, maximum: 522).dropLast())) == nil)
        #expect(CCIDDescriptor([]) == nil)
    }

    @Test("slot changes: two bits a slot")
    func notifications() {
        #expect(CCIDNotification([0x50, 0b11], slot: 0) == .slotChange(isPresent: true, hasChanged: true))
        #expect(CCIDNotification([0x50, 0b10], slot: 0) == .slotChange(isPresent: false, hasChanged: true))
        #expect(CCIDNotification([0x50, 0b0100], slot: 1) == .slotChange(isPresent: true, hasChanged: false))
        #expect(CCIDNotification([0x50, 0], slot: 4) == nil)
        #expect(CCIDNotification([0x51, 0, 3, 1], slot: 0) == .hardwareError(code: 1))
        #expect(CCIDNotification([], slot: 0) == nil)
    }

    private let read = APDU.Command(ins: 0xB0, p1: 0, p2: 0, le: 256)

    @Test("61xx is followed by GET RESPONSE, 6Cxx by the same command with that Le, once")
    func statusWords() {
        var more = ResponseCollector(read)
        #expect(
            more.receive(APDU.Response(data: [1], status: APDU.StatusWord(0x6102)))
                == .transmit(APDU.Command(ins: 0xC0, p1: 0, p2: 0, le: 2)))
        #expect(
            more.receive(APDU.Response(data: [2, 3], status: .success))
                == .finished(APDU.Response(data: [1, 2, 3], status: .success)))
        var wrongLe = ResponseCollector(read)
        #expect(
            wrongLe.receive(APDU.Response(status: APDU.StatusWord(0x6C10)))
                == .transmit(APDU.Command(ins: 0xB0, p1: 0, p2: 0, le: 16)))
        #expect(
            wrongLe.receive(APDU.Response(status: APDU.StatusWord(0x6C11)))
                == .finished(APDU.Response(status: APDU.StatusWord(0x6C11))))
    }

    @Test("a protected command is never sent twice, and endless 61xx ends")
    func bounds() {
        var protected = ResponseCollector(APDU.Command(cla: 0x0C, ins: 0xB0, p1: 0, p2: 0, data: [1], le: 256))
        let hint = APDU.Response(status: APDU.StatusWord(0x6C10))
        #expect(protected.receive(hint) == .finished(hint))
        var endless = ResponseCollector(read)
        var step = ResponseCollector.Step.endless
        for _ in 0..<ResponseCollector.commandLimit {
            step = endless.receive(APDU.Response(data: [0], status: APDU.StatusWord(0x6100)))
        }
        #expect(step == .endless)
    }

    @Test(
        "commands in short and extended form (ISO/IEC 7816-4, 5.2)",
        arguments: [
            (APDU.Command(ins: 1, p1: 2, p2: 3), "00010203"),
            (APDU.Command(ins: 1, p1: 2, p2: 3, le: 256), "0001020300"),
            (APDU.Command(ins: 1, p1: 2, p2: 3, data: [9], le: 5), "00010203010905"),
            (APDU.Command(ins: 1, p1: 2, p2: 3, le: 65_536), "00010203000000"),
            (APDU.Command(ins: 1, p1: 2, p2: 3, data: [9], le: 257), "0001020300 0001 09 0101"),
        ])
    func encoding(command: APDU.Command, bytes: String) {
        #expect(command.bytes == hex(bytes))
    }
}
