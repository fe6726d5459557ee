import USB

/// A smart-card reader on USB with an identity card on it, or none: USB CCID 1.1 as the reader of its model speaks it.
///
/// Cards keep their memory of wrong passwords while they are away. Faults: see `faultNames`.
public actor CCIDReaderDevice: VirtualUSBDevice {
    public nonisolated let descriptors: USBDescriptorSet
    public nonisolated let model: CCIDReaderModel

    let issuer: SimulatedIssuer
    let traits: SimulatedChip.Traits
    let makesCardsWait: Bool
    /// Where the identity card lies.
    nonisolated let home: (interface: Int, slot: Int)
    var cards: [String: SimulatedChip] = [:]
    var inserted: String?
    var isPowered = false
    /// Security modules that are powered, by interface and slot.
    var poweredModules: Set<[Int]> = []
    var trouble = CCIDReaderTrouble()

    var outboxes: [UInt8: Outbox] = [:]
    private var received: [Int: [UInt8]] = [:]
    var command: [UInt8] = []
    var response: [UInt8] = []
    var lastAnswer: [UInt8] = []
    var identifier: [UInt8] = []
    var generation = 0

    /// - Parameters:
    ///   - makesCardsWait: whether the card's delays after wrong passwords, and the reader's before its first answer, take
    ///     real time.
    public init(
        model: CCIDReaderModel = .standard, issuer: SimulatedIssuer, traits: SimulatedChip.Traits = .init(),
        makesCardsWait: Bool = true
    ) {
        self.model = model
        self.issuer = issuer
        self.traits = traits
        self.makesCardsWait = makesCardsWait
        home = model.cardPlace
        descriptors = CCIDReaderDescriptors.set(model)
        if makesCardsWait, model.firstAnswer > .zero { trouble.nextStatus = model.firstAnswer }
        for (number, interface) in model.interfaces.enumerated() {
            outboxes[CCIDReaderDescriptors.bulkIn(number)] = Outbox()
            if interface.hasInterrupt { outboxes[CCIDReaderDescriptors.interruptIn(number)] = Outbox() }
        }
    }

    // MARK: The hand that holds the card

    /// Lays a card on the reader; one that lies there is taken away first.
    public func insert(_ citizen: SyntheticCitizen, malice: CardMalice? = nil) throws {
        remove()
        var traits = traits
        traits.malice = malice
        if cards[citizen.id]?.traits != traits {
            cards[citizen.id] = try SimulatedChip(citizen, issuer: issuer, traits: traits)
        }
        inserted = citizen.id
        notify()
    }

    public func remove() {
        guard let name = inserted else { return }
        cards[name]?.reset()
        inserted = nil
        isPowered = false
        notify()
    }

    /// Whether a silent reader has got a command that it does not answer.
    public internal(set) var isHoldingBack = false

    /// Questions for the state of a slot: what a driver that polls costs.
    public internal(set) var statusQuestions = 0

    /// The id of the card on the reader.
    public var card: String? { inserted }

    // MARK: VirtualUSBDevice

    public func control(_ setup: USBSetup, data: [UInt8]) async throws -> [UInt8] {
        switch (setup.requestType, setup.request) {
        case (0x21, 0x01) where !trouble.isDeaf:
            // ABORT: whatever was going on is over; the bulk message that follows is answered.
            forgetExchange()
            return []
        default:
            throw USBStall()
        }
    }

    public func receive(endpoint: UInt8, _ bytes: [UInt8]) async throws {
        guard let number = model.interfaces.indices.first(where: { CCIDReaderDescriptors.bulkOut($0) == endpoint })
        else { throw USBStall() }
        var waiting = (received[number] ?? []) + bytes
        defer { received[number] = waiting }
        while waiting.count >= 10 {
            let length = 10 + (1...4).reversed().reduce(0) { $0 << 8 | Int(waiting[$1]) }
            guard length <= model.interfaces[number].maximumMessageLength else {
                let header = CCIDReaderRequest(bytes: Array(waiting.prefix(10)), interface: number)
                waiting = []
                answer(to: header, type: 0x81, status: 0x40, error: 1)
                return
            }
            guard waiting.count >= length else { return }
            let message = CCIDReaderRequest(bytes: Array(waiting.prefix(length)), interface: number)
            waiting.removeFirst(length)
            if !trouble.isDeaf { handle(message) }
        }
    }

    /// Waits for something to send; a real device answers NAK meanwhile.
    public func send(endpoint: UInt8, maximum: Int) async throws -> [UInt8] {
        guard outboxes[endpoint] != nil else { throw USBStall() }
        while true {
            try Task.checkCancellation()
            if trouble.stallsNextTransfer, endpoint & 1 == 0, outboxes[endpoint]?.isEmpty == false {
                trouble.stallsNextTransfer = false
                outboxes[endpoint]?.clear()
                throw USBStall()
            }
            if let bytes = outboxes[endpoint]?.take(maximum: maximum) {
                if trouble.extendsForever, endpoint & 1 == 0, !command.isEmpty { outboxes[endpoint]?.post(lastAnswer) }
                return bytes
            }
            await waitForMessage(endpoint)
        }
    }

    public func reset() async {
        forgetExchange()
        received = [:]
        isPowered = false
        poweredModules = []
        trouble.isDeaf = false
        outboxes[CCIDReaderDescriptors.interruptIn(home.interface)]?.clear()
        if inserted != nil { notify() }
    }

    private func waitForMessage(_ endpoint: UInt8) async {
        guard let ticket = outboxes[endpoint]?.ticket() else { return }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                if Task.isCancelled {
                    continuation.resume()
                } else {
                    outboxes[endpoint]?.park(ticket, continuation)
                }
            }
        } onCancel: {
            Task { await self.wake(endpoint, ticket) }
        }
    }

    private func wake(_ endpoint: UInt8, _ ticket: Int) { outboxes[endpoint]?.wake(ticket) }
}
