import SmartCard
import USB

/// One session with a card, on a thread of its own, because every call may block for as long as pcscd likes.
actor PCSCWorker {
    private let thread = DeviceThread(name: "pcsc card")
    private var context: PCSCContext?
    private var card: PCSCHandle?
    private var reader = ""
    private var transmission: UInt = 0

    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    struct Opened: Sendable {
        var answerToReset: [UInt8]
        var maximumCommandLength: Int
    }

    /// Connects, waits for its turn among other programs, and gives the card a cold start, so that no secure channel
    /// survives from one applicant to the next.
    func open(_ reader: String) throws(PCSCError) -> Opened {
        let context = try PCSCContext()
        self.context = context
        self.reader = reader
        let card = try context.connect(reader)
        self.card = card
        try card.beginTransaction()
        try card.coldReset()
        let status = try card.status()
        transmission = status.transmission
        return Opened(
            answerToReset: status.answerToReset,
            // T=0 has no extended length (ISO/IEC 7816-3, 10.3.2).
            maximumCommandLength: transmission == Self.blockTransmission ? Self.longestCommand(card) : Self.shortest)
    }

    func transmit(_ command: [UInt8]) throws(PCSCError) -> [UInt8] {
        guard let card else { throw PCSCError(code: PCSCError.removedCard, doing: "sending a command") }
        do throws(PCSCError) {
            let answer = try card.transmit(command, transmission: transmission)
            // Some drivers call it a success when the card has left.
            guard answer.count >= 2 else {
                throw PCSCError(code: PCSCError.notTransacted, doing: "sending a command")
            }
            return answer
        } catch  where error.isCardFailure {
            throw hasLeft() ? PCSCError(code: PCSCError.removedCard, doing: error.doing) : error
        }
    }

    func reset() throws(PCSCError) {
        guard let card else { throw PCSCError(code: PCSCError.removedCard, doing: "resetting the card") }
        try card.coldReset()
        transmission = try card.status().transmission
    }

    /// Powers the card down.
    func close() {
        card?.disconnect()
        card = nil
        context?.release()
        context = nil
    }

    /// pcscd looks for the card at intervals of up to 0.4 s: give it the time to notice.
    private func hasLeft() -> Bool {
        guard let context else { return true }
        let end = ContinuousClock.now + .seconds(1)
        var state = PCSCReaderState(name: reader)
        do throws(PCSCError) {
            while ContinuousClock.now < end {
                guard
                    let now = try context.waitForChange(
                        [state], within: max(.milliseconds(1), end - .now), watchesPlugging: false)?.first
                else { return !state.hasCard }
                if !now.hasCard { return true }
                state = now
            }
            return false
        } catch {
            return true
        }
    }

    private static func longestCommand(_ card: PCSCHandle) -> Int {
        do throws(PCSCError) {
            guard let code = PCSCFeatures.propertiesCode(in: try card.control(PCSCFeatures.request)),
                let size = PCSCFeatures.maximumDataSize(in: try card.control(code))
            else { return shortest }
            return size > 256 ? longest : shortest
        } catch {
            // A driver without these features: short APDUs work everywhere.
            return shortest
        }
    }

    /// SCARD_PROTOCOL_T1.
    private static let blockTransmission: UInt = 2

    /// ISO/IEC 7816-4, 5.2: header, Lc, data, Le in short and in extended form.
    private static let shortest = 261
    private static let longest = 65_544
}
