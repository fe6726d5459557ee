import Logging
import USB

/// Finding the contactless slot of a reader that has several.
extension CCIDReader {
    /// Looks into every slot that may be the one.
    func explore() async throws(SmartCardError) {
        guard let places = choice?.places else { return }
        var last: SmartCardError?
        for place in places where choice?.seen(at: place) != .unusable {
            do throws(SmartCardError) {
                try await look(into: place)
            } catch .readerGone {
                throw .readerGone
            } catch .cancelled {
                throw .cancelled
            } catch {
                // A descriptor may promise a slot that is not built in.
                logger.debug("slot \(place.slot) of interface \(place.interface.number) is passed over: \(error)")
                choice?.note(.unusable, at: place)
                last = error
            }
            if choice == nil { return }
        }
        settle()
        if let last, choice?.decision == .open([]) { throw last }
    }

    /// A slot's state has changed while the contactless one is not known.
    func examine(_ place: CCIDPlace) async {
        await session.enter()
        defer { session.leave() }
        guard choice != nil, !isGone else { return }
        isInSession = true
        defer { isInSession = false }
        do throws(SmartCardError) {
            try await look(into: place)
            settle()
        } catch {
            logger.debug("slot \(place.slot) of interface \(place.interface.number) cannot be looked into: \(error)")
        }
    }

    /// Sees what lies in a slot; a card with the answer to reset of a contactless one decides.
    private func look(into candidate: CCIDPlace) async throws(SmartCardError) {
        guard let seen = choice?.seen(at: candidate) else { return try await meet(candidate) }
        place = candidate
        if try await run(.slotStatus, within: .milliseconds(profile.statusMs)).card == .absent {
            choice?.note(.empty, at: candidate)
        } else if seen != .other {
            try await identify(candidate)
        }
    }

    /// The first look of all, for which a reader may take its time.
    private func meet(_ candidate: CCIDPlace) async throws(SmartCardError) {
        place = candidate
        if try await firstStatus() == .absent {
            choice?.note(.empty, at: candidate)
        } else {
            try await identify(candidate)
        }
    }

    private func identify(_ candidate: CCIDPlace) async throws(SmartCardError) {
        var answer: [UInt8] = []
        do {
            answer = try await powerUp()
            _ = try await run(.powerOff, within: .milliseconds(profile.statusMs))
        } catch .mute {
            // A card that lies badly, or the wrong way round in a contact slot: looked at again when it was taken away.
            logger.debug("the card in slot \(candidate.slot) is mute")
        }
        let isContactless = (try? AnswerToReset(answer))?.isContactless ?? false
        choice?.note(isContactless ? .contactless : .other, at: candidate)
        if isContactless { settle() }
    }

    /// Once the slot is known the others are let alone, and their interfaces given back.
    private func settle() {
        guard case .settled(let known)? = choice?.decision else {
            // What `powerUp` noted belongs to a slot that may not be the one.
            note(isPresent: false)
            return
        }
        let isThere = choice?.seen(at: known) == .contactless
        place = known
        choice = nil
        logger.info("cards lie in slot \(known.slot) of interface \(known.interface.number)")
        for (number, task) in watching where number != known.interface.number {
            task.cancel()
            watching[number] = nil
            Task { [device] in
                await task.value
                await device.release(interface: number)
            }
        }
        note(isPresent: isThere)
    }

    /// Places on an interface whose state matters now.
    func places(on interface: CCIDInterface) -> [CCIDPlace] {
        if let choice { return choice.places.filter { $0.interface == interface && choice.seen(at: $0) != .unusable } }
        return place.interface == interface ? [place] : []
    }
}
