import Logging
import USB

extension CCIDReader {
    func firstStatus() async throws(SmartCardError) -> CCIDCardState {
        let patience = Duration.milliseconds(profile.firstAnswerMs)
        do {
            return try await run(.slotStatus, within: patience, patience: patience).card
        } catch .timedOut, .reader {
            await drain(place.interface)
            return try await run(.slotStatus, within: patience, patience: patience).card
        }
    }

    /// Always a cold start: a card that an earlier session left powered is powered down first, so that no secure
    /// channel survives from one applicant to the next.
    func powerUp() async throws(SmartCardError) -> [UInt8] {
        if needsRecovery { await recover() }
        let state = try await run(.slotStatus, within: .milliseconds(profile.statusMs)).card
        note(isPresent: state != .absent)
        switch state {
        case .absent: throw .noCard
        case .active: _ = try await run(.powerOff, within: .milliseconds(profile.statusMs))
        case .inactive: break
        }
        do {
            return try await run(.powerOn, within: .milliseconds(profile.patienceMs)).data
        } catch .mute {
            _ = try await run(.powerOff, within: .milliseconds(profile.statusMs))
            return try await run(.powerOn, within: .milliseconds(profile.patienceMs)).data
        }
    }

    /// After an exchange that ended in the middle: nothing that was meant for it may reach the next one.
    func recover() async {
        needsRecovery = false
        try? await device.clearHalt(endpoint: place.interface.bulkIn.address)
        try? await device.clearHalt(endpoint: place.interface.bulkOut.address)
        do {
            _ = try await run(.abort, within: .seconds(2))
        } catch {
            logger.debug("card reader cleared up", metadata: ["after": "\(error)"])
        }
        await drain(place.interface)
        needsRecovery = false
    }

    /// Reads away frames that nobody asked for.
    func drain(_ interface: CCIDInterface) async {
        for _ in 0..<CCIDExchange.staleFrameLimit {
            guard (try? await readFrame(on: interface, within: .milliseconds(10))) != nil else { break }
        }
        guard let interrupt = interface.interruptIn, watching.isEmpty else { return }
        for _ in 0..<CCIDExchange.staleFrameLimit {
            let frame = try? await device.read(
                endpoint: interrupt.address, maximum: Int(interrupt.maximumPacketSize), deadline: .milliseconds(10))
            if frame == nil { break }
        }
    }

    /// The card or the reader failed in the middle of a command: ask the reader whether the card is still there.
    func whatHappenedToTheCard() async -> SmartCardError {
        if needsRecovery { await recover() }
        do {
            let state = try await run(.slotStatus, within: .milliseconds(profile.statusMs)).card
            note(isPresent: state != .absent)
            return state == .absent ? .removed : .mute
        } catch .readerGone {
            return .readerGone
        } catch .cancelled {
            return .cancelled
        } catch {
            return isPresent ? .timedOut : .removed
        }
    }
}
