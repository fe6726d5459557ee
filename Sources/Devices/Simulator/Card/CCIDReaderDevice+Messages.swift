extension CCIDReaderDevice {
    func handle(_ request: CCIDReaderRequest) {
        let slots = model.interfaces[request.interface].slots
        guard slots.indices.contains(Int(request.slot)) else {
            return answer(to: request, type: 0x81, status: 0x42, error: 5)
        }
        switch slots[Int(request.slot)] {
        case .contactless: handleCard(request)
        case .contact: handleEmptySlot(request)
        case .sam: handleModule(request)
        }
    }

    private func handleCard(_ request: CCIDReaderRequest) {
        switch request.type {
        case 0x62: powerOn(request)
        case 0x63:
            isPowered = false
            withCard { $0.reset() }
            answer(to: request, type: 0x81)
        case 0x65: tellStatus(request)
        case 0x6F: transfer(request)
        // T=1 with its default parameters (6.2.3).
        case 0x61, 0x6C, 0x6D: answer(to: request, type: 0x82, chain: 1, body: [0x11, 0x10, 0, 0x4D, 0, 0xFE, 0])
        case 0x72:
            forgetExchange()
            answer(to: request, type: 0x81)
        case 0x6B: answer(to: request, type: 0x83, status: 0x40, error: 0)
        default: answer(to: request, type: 0x81, status: 0x40, error: 0)
        }
    }

    private func tellStatus(_ request: CCIDReaderRequest) {
        statusQuestions += 1
        guard let delay = trouble.nextStatus else { return answer(to: request, type: 0x81) }
        trouble.nextStatus = nil
        Task {
            try await Task.sleep(for: delay)
            self.answer(to: request, type: 0x81)
        }
    }

    func powerOn(_ request: CCIDReaderRequest) {
        guard inserted != nil else { return answer(to: request, type: 0x80, status: 0x40, error: 0xFE) }
        withCard { $0.reset() }
        isPowered = true
        identifier = [0x08] + (0..<3).map { _ in UInt8.random(in: 0...255) }
        answer(to: request, type: 0x80, body: Self.answerToReset(traits))
    }

    /// PC/SC part 3, 3.1.3.2.3: made up from the historical bytes, which tell extended length and
    /// EF.ATR/INFO.
    static func answerToReset(_ traits: SimulatedChip.Traits) -> [UInt8] {
        let lengths: UInt8 = (traits.takesExtendedLength ? 0x40 : 0) | (traits.longestResponse == nil ? 0 : 0x20)
        let historical: [UInt8] = [0x80, 0x73, 0xC8, 0x21, lengths]
        let body: [UInt8] = [0x80 | UInt8(historical.count), 0x80, 0x01] + historical
        return [0x3B] + body + [body.reduce(0, ^)]
    }

    private func transfer(_ request: CCIDReaderRequest) {
        guard inserted != nil, isPowered else { return answer(to: request, type: 0x80, status: 0x40, error: 0xFE) }
        guard model.interfaces[home.interface].chains || request.level == 0 else {
            // The offset of wLevelParameter.
            return answer(to: request, type: 0x80, status: 0x40, error: 8)
        }
        switch request.level {
        case 0x10: return sendPart(request)
        case 1:
            command = request.body
            return answer(to: request, type: 0x80, chain: 0x10)
        case 3:
            command += request.body
            return answer(to: request, type: 0x80, chain: 0x10)
        case 2: command += request.body
        default: command = request.body
        }
        isHoldingBack = trouble.isSilent
        if trouble.isSilent { return }
        if let left = trouble.commandsUntilRemoval {
            trouble.commandsUntilRemoval = left > 0 ? left - 1 : nil
            if left == 0 {
                remove()
                return answer(to: request, type: 0x80, status: 0x40, error: 0xFE)
            }
        }
        react(request)
    }

    /// Answers when the card has thought about it, with time extensions meanwhile.
    private func react(_ request: CCIDReaderRequest) {
        var delay = Duration.zero
        if let own = pseudoAnswer(to: command) {
            response = own
        } else if let name = inserted, let reaction = cards[name]?.process(command) {
            response = reaction.bytes
            if makesCardsWait { delay = reaction.delay }
        }
        for number in 0..<trouble.timeExtensions { extendTime(request, number) }
        if trouble.extendsForever { return extendTime(request, 0) }
        if delay > .zero { extendTime(request, 0) }
        if let link = trouble.link {
            let work = ChipSpeed().work(command: command, response: response)
            delay += link.exchange(command: command.count, response: response.count, thinking: work.total)
        }
        guard delay > .zero else { return sendPart(request) }
        let number = generation
        Task {
            try await Task.sleep(for: delay)
            self.finish(request, generation: number)
        }
    }

    private func extendTime(_ request: CCIDReaderRequest, _ number: Int) {
        let type: UInt8 = trouble.disguisesExtensions ? 0x81 + UInt8(number % 3) : 0x80
        post(request, type: type, status: 0x80, error: 1)
    }

    private func finish(_ request: CCIDReaderRequest, generation number: Int) {
        if number == generation, inserted != nil { sendPart(request) }
    }

    private func sendPart(_ request: CCIDReaderRequest) {
        let room = model.interfaces[home.interface].maximumMessageLength - 10
        let isFirst = request.level != 0x10
        let part = Array(response.prefix(room))
        response.removeFirst(part.count)
        let chain: UInt8 =
            switch (isFirst, response.isEmpty) {
            case (true, true): 0
            case (true, false): 1
            case (false, true): 2
            case (false, false): 3
            }
        answer(to: request, type: 0x80, chain: chain, body: part)
    }

    /// PC/SC part 3, 3.2.2.1.3: answered by the reader itself.
    private func pseudoAnswer(to command: [UInt8]) -> [UInt8]? {
        guard command.first == 0xFF else { return nil }
        switch command.prefix(4) {
        case [0xFF, 0xCA, 0, 0]: return identifier + [0x90, 0x00]
        case [0xFF, 0xCA, 1, 0]: return [0x06, 0x78, 0x77, 0x80, 0x82, 0x02, 0x90, 0x00]
        // An echo of a length that is asked for, for tests of long messages: FF EE 00 00, Lc and Le in extended form.
        case [0xFF, 0xEE, 0, 0]: return echo(command)
        default: return [0x6A, 0x81]
        }
    }

    private func echo(_ command: [UInt8]) -> [UInt8] {
        guard command.count >= 9, command[4] == 0 else { return [0x67, 0x00] }
        let sent = Int(command[5]) << 8 | Int(command[6])
        guard command.count == 9 + sent else { return [0x67, 0x00] }
        let wanted = Int(command[7 + sent]) << 8 | Int(command[8 + sent])
        let text = command[7..<7 + sent]
        let repeated = (0..<(wanted == 0 ? 65_536 : wanted)).map { text[7 + $0 % max(sent, 1)] }
        return repeated + [0x90, 0x00]
    }

    private func withCard(_ body: (inout SimulatedChip) -> Void) {
        guard let name = inserted, var chip = cards[name] else { return }
        body(&chip)
        cards[name] = chip
    }

    func forgetExchange() {
        generation += 1
        isHoldingBack = false
        command = []
        response = []
        outboxes[CCIDReaderDescriptors.bulkIn(home.interface)]?.clear()
    }
}
