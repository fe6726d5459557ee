import USB

/// A contactless smart-card reader on USB with an identity card on it, or none: USB CCID 1.1 as an ACR1252U speaks it.
///
/// Cards keep their memory of wrong passwords while they are away. Faults: see `faultNames`.
public actor CCIDReaderDevice: VirtualUSBDevice {
    /// How the reader misbehaves until it is told to be `healthy`.
    struct Trouble {
        /// Commands that pass before the card leaves by itself.
        var commandsUntilRemoval: Int?
        /// The next bulk-in transfer is answered with STALL.
        var stallsNextTransfer = false
        /// Time extensions before each answer.
        var timeExtensions = 0
        /// Commands to the card are not answered, aborts are.
        var isSilent = false
        /// Nothing is answered until a bus reset.
        var isDeaf = false
        /// A frame of an earlier command comes before each answer.
        var repeatsStaleFrames = false
        /// The next answer is a frame that promises 49,174 bytes.
        var sendsGarbage = false
        /// The reader does not tell when the card leaves or comes.
        var hidesSlotChanges = false
    }

    public nonisolated let descriptors = CCIDReaderDescriptors.set

    let issuer: SimulatedIssuer
    let traits: SimulatedChip.Traits
    let makesCardsWait: Bool
    var cards: [String: SimulatedChip] = [:]
    var inserted: String?
    var isPowered = false
    var trouble = Trouble()

    var outboxes = [
        CCIDReaderDescriptors.bulkIn: Outbox(), CCIDReaderDescriptors.interruptIn: Outbox(),
    ]
    var received: [UInt8] = []
    var command: [UInt8] = []
    var response: [UInt8] = []
    var lastAnswer: [UInt8] = []
    var identifier: [UInt8] = []
    var generation = 0

    /// - Parameters:
    ///   - makesCardsWait: whether the card's delays after wrong passwords take real time.
    public init(
        issuer: SimulatedIssuer, traits: SimulatedChip.Traits = .init(), makesCardsWait: Bool = true
    ) {
        self.issuer = issuer
        self.traits = traits
        self.makesCardsWait = makesCardsWait
    }

    // MARK: The hand that holds the card

    /// Lays a card on the reader; one that lies there is taken away first.
    public func insert(_ citizen: SyntheticCitizen) throws {
        remove()
        if cards[citizen.id] == nil { cards[citizen.id] = try SimulatedChip(citizen, issuer: issuer, traits: traits) }
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
        guard endpoint == CCIDReaderDescriptors.bulkOut else { throw USBStall() }
        received += bytes
        while received.count >= 10 {
            let length = 10 + (1...4).reversed().reduce(0) { $0 << 8 | Int(received[$1]) }
            guard length <= CCIDReaderDescriptors.maximumMessageLength else {
                let header = Array(received.prefix(10))
                received = []
                answer(to: header, type: 0x81, status: 0x40, error: 1)
                return
            }
            guard received.count >= length else { return }
            let message = Array(received.prefix(length))
            received.removeFirst(length)
            if !trouble.isDeaf { handle(message) }
        }
    }

    /// Waits for something to send; a real device answers NAK meanwhile.
    public func send(endpoint: UInt8, maximum: Int) async throws -> [UInt8] {
        guard outboxes[endpoint] != nil else { throw USBStall() }
        while true {
            try Task.checkCancellation()
            let isAnswer = endpoint == CCIDReaderDescriptors.bulkIn && outboxes[endpoint]?.isEmpty == false
            if trouble.stallsNextTransfer, isAnswer {
                trouble.stallsNextTransfer = false
                outboxes[endpoint]?.clear()
                throw USBStall()
            }
            if let bytes = outboxes[endpoint]?.take(maximum: maximum) { return bytes }
            await waitForMessage(endpoint)
        }
    }

    public func reset() async {
        forgetExchange()
        received = []
        isPowered = false
        trouble.isDeaf = false
        outboxes[CCIDReaderDescriptors.interruptIn]?.clear()
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
