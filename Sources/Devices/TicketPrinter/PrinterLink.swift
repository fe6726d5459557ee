import Peripherals
import USB

/// The bytes between the driver and one printer: requests matched to their answers. Used by one caller at a time.
///
/// A real-time answer does not say what it answers, so there is never more than one request under way; after any
/// doubt everything that is still on its way is read and thrown away first.
actor PrinterLink {
    private let device: any USBDevice
    private let port: PrinterPort
    private let answerDeadline: Duration
    private var parser = ESCPOSAnswerParser()
    /// Answers may be on their way that nobody waits for any more.
    private var mayBeStale = true

    /// How long a bulk-in endpoint must be quiet before it counts as empty.
    private static let quiet = Duration.milliseconds(20)
    private static let control = Duration.milliseconds(500)
    /// Enough for whatever a printer has to say; a printer that babbles longer is not listened to.
    private static let drainLimit = 64

    init(_ device: any USBDevice, port: PrinterPort, answerDeadline: Duration) {
        self.device = device
        self.port = port
        self.answerDeadline = answerDeadline
    }

    /// Whether the printer has no way to answer.
    nonisolated var isSilent: Bool { port.input == nil }

    /// Claims the interface. Some printers do not know who they are: no identity is no error.
    func open() async throws(USBError) -> IEEE1284ID? {
        try await device.claim(interface: port.interface)
        mayBeStale = true
        do {
            let answer = try await device.control(port.deviceIDRequest, data: [], deadline: Self.control)
            return IEEE1284ID(answer: answer)
        } catch .disconnected {
            throw .disconnected
        } catch {
            return nil
        }
    }

    func close() async {
        await device.release(interface: port.interface)
        await device.close()
    }

    func write(_ bytes: [UInt8], deadline: Duration) async throws(USBError) {
        // What the printer says while it gets a job has nobody who waits for it.
        mayBeStale = true
        do {
            try await device.write(endpoint: port.output.address, bytes, deadline: deadline)
        } catch .stalled {
            // The endpoint is made usable for the next job; this one can't be trusted any more.
            try await device.clearHalt(endpoint: port.output.address)
            throw .stalled
        }
    }

    /// The answers that come within a time; none is no error. Returns as soon as something has come.
    func answers(within time: Duration) async throws(USBError) -> [ESCPOSAnswer] {
        guard let input = port.input else { return [] }
        // A multiple of the packet size, or a full packet would overflow.
        let packet = max(Int(input.maximumPacketSize), 64)
        do {
            return parser.feed(try await device.read(endpoint: input.address, maximum: packet, deadline: time))
        } catch .timedOut {
            return []
        } catch .stalled {
            try await device.clearHalt(endpoint: input.address)
            return []
        }
    }

    /// Asks all four real-time questions.
    /// - Returns: the condition, and other answers (a fence, automatic status) that came in between.
    func askStatus() async throws(USBError) -> (condition: PrinterCondition, others: [ESCPOSAnswer]) {
        guard !isSilent else {
            guard let status = try await portStatus() else { return (.unknown, []) }
            return (PrinterPort.condition(ofStatus: status) ?? .ready, [])
        }
        var others = mayBeStale ? try await drain() : []
        var status = ESCPOSStatus()
        for request in ESCPOSStatus.Request.allCases {
            do {
                try await device.write(
                    endpoint: port.output.address, ESCPOS.realTimeStatus(request), deadline: answerDeadline)
            } catch .timedOut {
                mayBeStale = true
                return (try await portCondition() ?? .unknown, others)
            } catch .stalled {
                try await device.clearHalt(endpoint: port.output.address)
                mayBeStale = true
                return (.unknown, others)
            }
            guard let byte = try await realTimeAnswer(&others) else {
                mayBeStale = true
                return (.unknown, others)
            }
            status.apply(byte, to: request)
        }
        return (status.condition, others)
    }

    private func realTimeAnswer(_ others: inout [ESCPOSAnswer]) async throws(USBError) -> UInt8? {
        let clock = ContinuousClock()
        let end = clock.now + answerDeadline
        var found: UInt8?
        while found == nil, clock.now < end {
            for answer in try await answers(within: max(.zero, end - clock.now)) {
                if case .realTime(let byte) = answer, found == nil { found = byte } else { others.append(answer) }
            }
        }
        return found
    }

    /// Sends a question and says whether the answer came in time.
    func asks(
        _ question: [UInt8], deadline: Duration, answer isAnswer: @Sendable (ESCPOSAnswer) -> Bool
    ) async throws(USBError) -> Bool {
        _ = try await drain()
        try await device.write(endpoint: port.output.address, question, deadline: deadline)
        let clock = ContinuousClock()
        let end = clock.now + deadline
        while clock.now < end {
            if try await answers(within: max(.zero, end - clock.now)).contains(where: isAnswer) { return true }
        }
        try await device.write(endpoint: port.output.address, ESCPOS.initialise, deadline: deadline)
        mayBeStale = true
        return false
    }

    /// Why the printer takes no bytes: what it says by itself, else what the port status says.
    func findCause() async -> (PrinterCondition?, [ESCPOSAnswer]) {
        mayBeStale = true
        do {
            let answers = try await drain()
            for answer in answers.reversed() {
                if case .automatic(let bytes) = answer {
                    let condition = ESCPOSStatus(automatic: bytes).condition
                    if !condition.isReady { return (condition, answers) }
                    break
                }
            }
            return (try await portCondition(), answers)
        } catch {
            return (PrinterCondition(error), [])
        }
    }

    /// Makes the printer forget what it has not printed (printer class 1.1, SOFT_RESET).
    /// - Returns: false when the printer does not know the request, or is gone.
    func forget() async -> Bool {
        mayBeStale = true
        parser.reset()
        do {
            _ = try await device.control(port.softResetRequest, data: [], deadline: Self.control)
            return true
        } catch {
            return false
        }
    }

    private func portCondition() async throws(USBError) -> PrinterCondition? {
        try await portStatus().flatMap { PrinterPort.condition(ofStatus: $0) }
    }

    /// nil from a printer that does not know the request.
    private func portStatus() async throws(USBError) -> UInt8? {
        do {
            return try await device.control(port.statusRequest, data: [], deadline: Self.control).first
        } catch .stalled {
            return nil
        } catch .timedOut {
            return nil
        }
    }

    private func drain() async throws(USBError) -> [ESCPOSAnswer] {
        var drained: [ESCPOSAnswer] = []
        for _ in 0..<Self.drainLimit {
            let answers = try await answers(within: Self.quiet)
            if answers.isEmpty { break }
            drained += answers
        }
        mayBeStale = false
        return drained
    }
}
