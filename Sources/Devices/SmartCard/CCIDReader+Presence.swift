import Logging
import USB

extension CCIDReader {
    func watch() async {
        while !Task.isCancelled, !isGone {
            if let interrupt = interface.interruptIn, !profile.needsPolling {
                await awaitNotification(interrupt)
            } else {
                await poll()
            }
        }
    }

    func awaitNotification(_ endpoint: USBEndpoint) async {
        do {
            let bytes = try await device.read(
                endpoint: endpoint.address, maximum: Int(endpoint.maximumPacketSize), deadline: .seconds(3600))
            switch CCIDNotification(bytes, slot: profile.slot) {
            case .slotChange(let isPresent, let hasChanged):
                // Out and in again between two looks: say both, so that nobody takes the new card for the old one.
                if hasChanged, isPresent, self.isPresent { note(isPresent: false) }
                note(isPresent: isPresent)
            case .hardwareError(let code):
                logger.warning("card reader reports a hardware error", metadata: ["code": "\(code)"])
            case nil:
                break
            }
        } catch .timedOut, .cancelled {
            return
        } catch .disconnected, .notFound, .busUnavailable {
            markGone()
        } catch .stalled {
            try? await device.clearHalt(endpoint: endpoint.address)
        } catch {
            logger.warning("card reader's interrupt endpoint fails", metadata: ["error": "\(error)"])
            await poll()
        }
    }

    func poll() async {
        try? await Task.sleep(for: .milliseconds(profile.pollIntervalMs))
        guard !Task.isCancelled, !isGone, !isInSession, !needsRecovery else { return }
        do {
            note(isPresent: try await run(.slotStatus, within: .seconds(2)).card != .absent)
        } catch {
            logger.debug("card reader does not tell the slot's state", metadata: ["error": "\(error)"])
        }
    }

    func note(isPresent now: Bool) {
        guard now != isPresent else { return }
        isPresent = now
        for watcher in watchers.values { watcher.yield(now) }
        guard !now, isInSession, let number = pendingRead?.number else { return }
        let grace = Duration.milliseconds(profile.removalGraceMs)
        Task {
            try? await Task.sleep(for: grace)
            self.endRead(number)
        }
    }

    /// Not when a card lies there again: the reader then answers for itself, and some report a change that was none.
    func endRead(_ number: Int) {
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
