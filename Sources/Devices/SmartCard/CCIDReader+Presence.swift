import Logging
import USB

extension CCIDReader {
    /// Questions without an answer, one after the other, after which the reader is given up and opened anew.
    static let unansweredLimit = 3
    /// Changes that the interrupt endpoint kept to itself, after which it is trusted no more.
    static let missedLimit = 2
    /// A reader with interrupts is asked once in so many polling intervals nevertheless.
    static let doubt = 20

    func watch(_ interface: CCIDInterface) async {
        while !Task.isCancelled, !isGone, !places(on: interface).isEmpty {
            if let interrupt = interface.interruptIn, !profile.needsPolling, missedChanges < Self.missedLimit {
                await awaitNotification(interrupt, of: interface)
            } else {
                await poll(interface)
            }
        }
    }

    private func awaitNotification(_ endpoint: USBEndpoint, of interface: CCIDInterface) async {
        do {
            let bytes = try await device.read(
                endpoint: endpoint.address, maximum: Int(endpoint.maximumPacketSize),
                deadline: .milliseconds(profile.pollIntervalMs) * Self.doubt)
            if case .hardwareError(let code)? = CCIDNotification(bytes, slot: 0) {
                logger.warning("card reader reports a hardware error", metadata: ["code": "\(code)"])
            }
            for place in places(on: interface) {
                guard case .slotChange(let isPresent, let hasChanged)? = CCIDNotification(bytes, slot: place.slot)
                else {
                    continue
                }
                await heard(isPresent: isPresent, hasChanged: hasChanged, at: place)
            }
        } catch .timedOut {
            if await ask(interface) { missedChanges += 1 }
        } catch .cancelled {
            return
        } catch .disconnected, .notFound, .busUnavailable {
            markGone()
        } catch .stalled {
            try? await device.clearHalt(endpoint: endpoint.address)
        } catch {
            logger.warning("card reader's interrupt endpoint fails", metadata: ["error": "\(error)"])
            await poll(interface)
        }
    }

    private func poll(_ interface: CCIDInterface) async {
        try? await Task.sleep(for: pace.next())
        if await ask(interface) { pace.noteChange() }
    }

    /// Asks for the state of the slots.
    /// - Returns: whether it is another one than was known.
    private func ask(_ interface: CCIDInterface) async -> Bool {
        var hasChanged = false
        for place in places(on: interface) {
            if needsRecovery { await recoverBetweenSessions() }
            guard !Task.isCancelled, !isGone, !isInSession else { return false }
            let before = isPresent
            do throws(SmartCardError) {
                let isThere =
                    try await run(.slotStatus, within: .milliseconds(profile.statusMs), at: place).card != .absent
                unanswered = 0
                // A session that began meanwhile looks for itself.
                guard !isInSession else { return false }
                await heard(isPresent: isThere, hasChanged: false, at: place)
                hasChanged = hasChanged || before != isPresent
            } catch .cancelled {
                return false
            } catch {
                noteUnanswered(error)
            }
        }
        return hasChanged
    }

    /// As a session of its own: clearing up reads away whatever comes.
    private func recoverBetweenSessions() async {
        await session.enter()
        defer { session.leave() }
        if needsRecovery, !isGone { await recover() }
    }

    private func noteUnanswered(_ error: SmartCardError) {
        unanswered += 1
        logger.debug("card reader does not tell the slot's state", metadata: ["error": "\(error)"])
        guard unanswered >= Self.unansweredLimit, !isGone else { return }
        logger.warning("card reader answers no more: it is opened anew", metadata: ["error": "\(error)"])
        markGone()
    }

    /// What the reader says about a slot.
    private func heard(isPresent now: Bool, hasChanged: Bool, at place: CCIDPlace) async {
        guard let choice else {
            guard place.slot == self.place.slot, place.interface == self.place.interface else { return }
            // Out and in again between two looks: say both, so that nobody takes the new card for the old one.
            if hasChanged, now, isPresent { note(isPresent: false) }
            note(isPresent: now)
            return
        }
        let wasThere = choice.seen(at: place) != .empty
        if !now {
            self.choice?.note(.empty, at: place)
        } else if hasChanged || !wasThere {
            // Whatever was known of this slot, another card may lie there now.
            if choice.seen(at: place) == .other { self.choice?.note(.empty, at: place) }
            await examine(place)
        }
    }

    func note(isPresent now: Bool) {
        // As long as the contactless slot is not known, nobody can say that a card lies there.
        guard choice == nil || !now, now != isPresent else { return }
        isPresent = now
        pace.noteChange()
        for watcher in watchers.values { watcher.yield(now) }
        guard !now, isInSession, let number = pendingRead?.number else { return }
        let grace = Duration.milliseconds(profile.removalGraceMs)
        Task {
            try? await Task.sleep(for: grace)
            self.endRead(number)
        }
    }

    /// Not when a card lies there again: the reader then answers for itself, and some report a change that was none.
    private func endRead(_ number: Int) {
        if !isPresent, pendingRead?.number == number { pendingRead?.task.cancel() }
    }

    func markGone() {
        guard !isGone else { return }
        isGone = true
        for watcher in watchers.values { watcher.finish() }
        watchers = [:]
    }

    func forget(watcher number: Int) { watchers[number] = nil }
}
