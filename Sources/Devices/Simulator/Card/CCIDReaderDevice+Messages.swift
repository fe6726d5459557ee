extension CCIDReaderDevice {
    func handle(_ message: [UInt8]) {
        let body = Array(message.dropFirst(10))
        guard message[5] == 0 else { return answer(to: message, type: 0x81, status: 0x42, error: 5) }
        switch message[0] {
        case 0x62: powerOn(message)
        case 0x63:
            isPowered = false
            withCard { $0.reset() }
            answer(to: message, type: 0x81)
        case 0x65: answer(to: message, type: 0x81)
        case 0x6F: transfer(message, body)
        // T=1 with its default parameters (6.2.3).
        case 0x61, 0x6C, 0x6D: answer(to: message, type: 0x82, chain: 1, body: [0x11, 0x10, 0, 0x4D, 0, 0xFE, 0])
        case 0x72:
            forgetExchange()
            answer(to: message, type: 0x81)
        case 0x6B: answer(to: message, type: 0x83, status: 0x40, error: 0)
        default: answer(to: message, type: 0x81, status: 0x40, error: 0)
        }
    }

    func powerOn(_ message: [UInt8]) {
        guard inserted != nil else { return answer(to: message, type: 0x80, status: 0x40, error: 0xFE) }
        withCard { $0.reset() }
        isPowered = true
        identifier = [0x08] + (0..<3).map { _ in UInt8.random(in: 0...255) }
        // PC/SC part 3, 3.1.3.2.3: made up from the historical bytes, which tell extended length.
        let lengths: UInt8 = (traits.takesExtendedLength ? 0x40 : 0) | (traits.longestResponse == nil ? 0 : 0x20)
        let historical: [UInt8] = [0x80, 0x73, 0xC8, 0x21, lengths]
        let body: [UInt8] = [0x80 | UInt8(historical.count), 0x80, 0x01] + historical
        answer(to: message, type: 0x80, body: [0x3B] + body + [body.reduce(0, ^)])
    }

    func transfer(_ message: [UInt8], _ body: [UInt8]) {
        guard inserted != nil, isPowered else { return answer(to: message, type: 0x80, status: 0x40, error: 0xFE) }
        // wLevelParameter: 0 whole, 1 begins, 2 ends, 3 goes on, 10h "send me more".
        switch UInt16(message[8]) | UInt16(message[9]) << 8 {
        case 0x10: return sendPart(message)
        case 1:
            command = body
            return answer(to: message, type: 0x80, chain: 0x10)
        case 3:
            command += body
            return answer(to: message, type: 0x80, chain: 0x10)
        case 2: command += body
        default: command = body
        }
        isHoldingBack = trouble.isSilent
        if trouble.isSilent { return }
        if let left = trouble.commandsUntilRemoval {
            trouble.commandsUntilRemoval = left > 0 ? left - 1 : nil
            if left == 0 {
                remove()
                return answer(to: message, type: 0x80, status: 0x40, error: 0xFE)
            }
        }
        react(message)
    }

    /// Answers when the card has thought about it, with time extensions meanwhile.
    func react(_ message: [UInt8]) {
        var delay = Duration.zero
        if let own = pseudoAnswer(to: command) {
            response = own
        } else if let name = inserted, let reaction = cards[name]?.process(command) {
            response = reaction.bytes
            if makesCardsWait { delay = reaction.delay }
        }
        for _ in 0..<trouble.timeExtensions { post(message, type: 0x80, status: 0x80, error: 1) }
        guard delay > .zero else { return sendPart(message) }
        post(message, type: 0x80, status: 0x80, error: 1)
        let number = generation
        Task {
            try await Task.sleep(for: delay)
            self.finish(message, generation: number)
        }
    }

    func finish(_ message: [UInt8], generation number: Int) {
        if number == generation, inserted != nil { sendPart(message) }
    }

    func sendPart(_ message: [UInt8]) {
        let room = CCIDReaderDescriptors.maximumMessageLength - 10
        let isFirst = message[8] != 0x10
        let part = Array(response.prefix(room))
        response.removeFirst(part.count)
        let chain: UInt8 =
            switch (isFirst, response.isEmpty) {
            case (true, true): 0
            case (true, false): 1
            case (false, true): 2
            case (false, false): 3
            }
        answer(to: message, type: 0x80, chain: chain, body: part)
    }

    /// PC/SC part 3, 3.2.2.1.3: answered by the reader itself.
    func pseudoAnswer(to command: [UInt8]) -> [UInt8]? {
        guard command.first == 0xFF else { return nil }
        switch command.prefix(4) {
        case [0xFF, 0xCA, 0, 0]: return identifier + [0x90, 0x00]
        case [0xFF, 0xCA, 1, 0]: return [0x06, 0x78, 0x77, 0x80, 0x82, 0x02, 0x90, 0x00]
        default: return [0x6A, 0x81]
        }
    }

    func withCard(_ body: (inout SimulatedChip) -> Void) {
        guard let name = inserted, var chip = cards[name] else { return }
        body(&chip)
        cards[name] = chip
    }

    func forgetExchange() {
        generation += 1
        isHoldingBack = false
        command = []
        response = []
        outboxes[CCIDReaderDescriptors.bulkIn]?.clear()
    }

    /// bmICCStatus.
    var slot: UInt8 { inserted == nil ? 2 : isPowered ? 0 : 1 }

    func answer(
        to message: [UInt8], type: UInt8, status: UInt8 = 0, error: UInt8 = 0, chain: UInt8 = 0, body: [UInt8] = []
    ) {
        if trouble.repeatsStaleFrames, !lastAnswer.isEmpty { outboxes[CCIDReaderDescriptors.bulkIn]?.post(lastAnswer) }
        if trouble.sendsGarbage {
            trouble.sendsGarbage = false
            let garbage: [UInt8] = [0x80, 0x16, 0xC0, 0, 0, 0, message[6], 0, 0, 0, 0x55, 0xAA]
            outboxes[CCIDReaderDescriptors.bulkIn]?.post(garbage)
            return
        }
        post(message, type: type, status: status, error: error, chain: chain, body: body)
    }

    func post(
        _ message: [UInt8], type: UInt8, status: UInt8, error: UInt8, chain: UInt8 = 0, body: [UInt8] = []
    ) {
        let length = UInt32(body.count)
        let header = [type] + (0..<4).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) }
        lastAnswer = header + [message[5], message[6], status | slot, error, chain] + body
        outboxes[CCIDReaderDescriptors.bulkIn]?.post(lastAnswer)
    }

    /// RDR_to_PC_NotifySlotChange (6.3.1). The endpoint holds one state, not a history.
    func notify() {
        guard !trouble.hidesSlotChanges else { return }
        outboxes[CCIDReaderDescriptors.interruptIn]?.clear()
        outboxes[CCIDReaderDescriptors.interruptIn]?.post([0x50, inserted == nil ? 0b10 : 0b11])
    }
}
