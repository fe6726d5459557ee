extension CCIDReaderDevice {
    /// bmICCStatus of the slot where the identity card lies.
    private var cardSlot: UInt8 { inserted == nil ? 2 : isPowered ? 0 : 1 }

    /// - Parameter slot: bmICCStatus; nil for the identity card's.
    func answer(
        to request: CCIDReaderRequest, type: UInt8, status: UInt8 = 0, error: UInt8 = 0, chain: UInt8 = 0,
        slot: UInt8? = nil, body: [UInt8] = []
    ) {
        let endpoint = CCIDReaderDescriptors.bulkIn(request.interface)
        if !lastAnswer.isEmpty {
            for _ in 0..<trouble.staleFrames { outboxes[endpoint]?.post(lastAnswer) }
        }
        if trouble.sendsGarbage {
            trouble.sendsGarbage = false
            let garbage: [UInt8] = [0x80, 0x16, 0xC0, 0, 0, request.slot, request.sequence, 0, 0, 0, 0x55, 0xAA]
            outboxes[endpoint]?.post(garbage)
            return
        }
        post(request, type: type, status: status, error: error, chain: chain, slot: slot, body: body)
    }

    func post(
        _ request: CCIDReaderRequest, type: UInt8, status: UInt8, error: UInt8, chain: UInt8 = 0, slot: UInt8? = nil,
        body: [UInt8] = []
    ) {
        let length = UInt32(body.count)
        let header = [type] + (0..<4).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) }
        lastAnswer =
            header + [request.slot, request.sequence, status | (slot ?? cardSlot), error, chain] + body
        let isCut = trouble.cutsNextFrame
        trouble.cutsNextFrame = false
        outboxes[CCIDReaderDescriptors.bulkIn(request.interface)]?.post(
            isCut ? Array(lastAnswer.prefix(5)) : lastAnswer)
    }

    /// RDR_to_PC_NotifySlotChange (6.3.1): two bits a slot, present and changed. The endpoint holds one state, not a
    /// history.
    func notify() {
        guard !trouble.hidesSlotChanges else { return }
        let endpoint = CCIDReaderDescriptors.interruptIn(home.interface)
        outboxes[endpoint]?.clear()
        outboxes[endpoint]?.post(notification(isPresent: inserted != nil))
    }

    private func notification(isPresent: Bool) -> [UInt8] {
        let slots = model.interfaces[home.interface].slots
        var bits = [UInt8](repeating: 0, count: (slots.count + 3) / 4)
        for (number, slot) in slots.enumerated() where slot == .sam { bits[number / 4] |= 1 << (2 * (number % 4)) }
        bits[home.slot / 4] |= (isPresent ? 0b11 : 0b10) << (2 * (home.slot % 4))
        return [0x50] + bits
    }

    /// What a program that was killed left behind: an answer that nobody fetched, and a slot change that is no longer
    /// true.
    func leaveStaleMessages() {
        let bulk = CCIDReaderDescriptors.bulkIn(home.interface)
        let slot = UInt8(home.slot)
        outboxes[bulk]?.post([0x80, 2, 0, 0, 0, slot, 0xB7, 0, 0, 0, 0x90, 0x00])
        outboxes[bulk]?.post([0x81, 0, 0, 0, 0, slot, 0xB8, inserted == nil ? 1 : 2, 0, 0])
        outboxes[CCIDReaderDescriptors.interruptIn(home.interface)]?.post(notification(isPresent: inserted == nil))
    }
}
