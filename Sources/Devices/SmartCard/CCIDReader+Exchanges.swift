import Logging
import USB

extension CCIDReader {
    /// - Parameter place: nil for where the card lies.
    func run(
        _ request: CCIDExchange.Request, within limit: Duration, patience: Duration? = nil, at place: CCIDPlace? = nil
    ) async throws(SmartCardError) -> CCIDReply {
        await bulk.enter()
        defer { bulk.leave() }
        guard !isGone else { throw .readerGone }
        let place = place ?? self.place
        let end = ContinuousClock.now + limit
        var exchange = CCIDExchange(
            request, slot: place.slot, after: sequence, maximum: place.maximumMessageLength, mayChain: place.mayChain,
            patience: patience ?? min(limit, .milliseconds(profile.patienceMs)))
        defer {
            sequence = exchange.sequence
            // Says "short" and chains: it takes extended APDUs, too.
            if exchange.sawChaining, self.place == place { self.place.level = .extendedAPDU }
        }
        var step = exchange.start()
        while true {
            do {
                switch step {
                case .send(let bytes, let deadline):
                    try await device.write(endpoint: place.interface.bulkOut.address, bytes, deadline: deadline)
                    step = try await listen(&exchange, at: place, until: min(end, .now + deadline))
                case .wait(let deadline):
                    // Time extensions and stale frames that keep coming are a silence, too, once the time is over.
                    step =
                        .now < end
                        ? try await listen(&exchange, at: place, until: min(end, .now + deadline))
                        : exchange.receiveNothing()
                case .abort(_, let number, let message, let deadline):
                    try await sendAbort(at: place, sequence: number, message, deadline: deadline)
                    step = try await listen(&exchange, at: place, until: .now + deadline)
                case .finished(let reply):
                    return reply
                case .failed(let error):
                    throw await failure(error)
                }
            } catch let error as USBError {
                throw await failure(error)
            } catch let error as SmartCardError {
                throw error
            } catch {
                throw .reader("\(error)")
            }
        }
    }

    func listen(
        _ exchange: inout CCIDExchange, at place: CCIDPlace, until end: ContinuousClock.Instant
    ) async throws(USBError) -> CCIDStep {
        let remaining = max(.milliseconds(1), end - .now)
        do {
            return exchange.receive(try await readFrame(on: place.interface, within: remaining))
        } catch .timedOut {
            return exchange.receiveNothing()
        } catch .cancelled where !Task.isCancelled {
            // The card left and the reader did not say so within the grace time: `note(isPresent:)` ended the wait.
            return exchange.receiveNothing()
        }
    }

    func sendAbort(
        at place: CCIDPlace, sequence: UInt8, _ message: [UInt8], deadline: Duration
    ) async throws(USBError) {
        let setup = USBSetup(
            requestType: 0x21, request: 0x01, value: UInt16(sequence) << 8 | UInt16(place.slot),
            index: UInt16(place.interface.number), length: 0)
        do {
            _ = try await device.control(setup, data: [], deadline: deadline)
        } catch .stalled {
            // Readers that know the bulk message only.
            logger.debug("card reader stalls the class request ABORT")
        }
        try await device.write(endpoint: place.interface.bulkOut.address, message, deadline: deadline)
    }

    func failure(_ error: CCIDError) async -> SmartCardError {
        switch error {
        case .noCard: return .noCard
        case .mute: return .mute
        case .refused(let code): return .reader("the reader refused the command (bError \(code))")
        case .commandTooLong: return .reader("the command is too long for this reader")
        case .aborted(.silence): return .timedOut
        case .aborted(let trouble): return .reader("exchange aborted: \(trouble)")
        case .unresponsive(let trouble):
            needsRecovery = true
            logger.warning("card reader does not answer the abort: reset", metadata: ["after": "\(trouble)"])
            try? await device.reset()
            return .timedOut
        }
    }

    func failure(_ error: USBError) async -> SmartCardError {
        let failure = Self.smartCardError(error)
        switch error {
        case .disconnected, .notFound, .busUnavailable: markGone()
        default: needsRecovery = true
        }
        return failure
    }

    /// Reads one CCID message: a first packet, whose header tells how much follows. Never asks for a byte more than that,
    /// because a message that fills its last packet may come without a zero-length packet after it.
    func readFrame(on interface: CCIDInterface, within limit: Duration) async throws(USBError) -> [UInt8] {
        let endpoint = interface.bulkIn.address
        let packet = Int(interface.bulkIn.maximumPacketSize)
        var frame = try await readBulk(endpoint, maximum: packet, within: limit)
        guard frame.count == packet, packet >= CCIDMessage.headerLength else { return frame }
        let missing = CCIDMessage.headerLength + Int(CCIDMessage.length(of: frame)) - frame.count
        guard missing > 0, missing <= interface.descriptor.maximumMessageLength else { return frame }
        frame += try await readBulk(
            endpoint, maximum: (missing + packet - 1) / packet * packet, within: .milliseconds(profile.statusMs))
        return frame
    }

    /// A read that `note(isPresent:)` can end early.
    private func readBulk(
        _ endpoint: UInt8, maximum: Int, within limit: Duration
    ) async throws(USBError) -> [UInt8] {
        let task = Task { [device] () -> Result<[UInt8], USBError> in
            do throws(USBError) {
                return .success(try await device.read(endpoint: endpoint, maximum: maximum, deadline: limit))
            } catch {
                return .failure(error)
            }
        }
        readCount += 1
        pendingRead = (readCount, task)
        defer { pendingRead = nil }
        return try await withTaskCancellationHandler {
            await task.value
        } onCancel: {
            task.cancel()
        }.get()
    }

    static func smartCardError(_ error: any Error) -> SmartCardError {
        switch error {
        case let error as SmartCardError: return error
        case let error as USBError: return smartCardError(error)
        default: return .reader("\(error)")
        }
    }

    static func smartCardError(_ error: USBError) -> SmartCardError {
        switch error {
        case .notFound, .disconnected, .busUnavailable: .readerGone
        case .busy(let holder): .busy(holder)
        case .accessDenied(let what): .accessDenied(what)
        case .timedOut: .timedOut
        case .cancelled: .cancelled
        case .stalled: .reader("an endpoint of the reader is halted")
        case .overflow: .reader("the reader sent more than it was asked for")
        case .malformedDescriptor(let what): .notSupported(what)
        case .failed(let what): .reader(what)
        }
    }
}
