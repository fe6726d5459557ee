import Peripherals

/// Identification: QR code first, then the chip. The QR code opens the chip, so a card that moved is read again as
/// soon as it lies still, without a second scan.
extension Journey {
    mutating func qrScanned(_ text: String) -> [JourneyEffect] {
        guard case .identify(let step) = stage else { return [] }
        switch step {
        case .showQR, .placeCard, .putBack, .failed:
            notice = nil
            if let problem = context.problemWithQR(text) {
                visit.qrText = nil
                stage = .identify(.failed(problem))
                return []
            }
            visit.qrText = text
            return readOrWait()
        case .reading, .done:
            return []
        }
    }

    mutating func cardMoved() -> [JourneyEffect] {
        guard case .identify(let step) = stage, cardPresence == .present else { return [] }
        switch step {
        case .placeCard, .putBack: return readOrWait()
        default: return []
        }
    }

    private mutating func readOrWait() -> [JourneyEffect] {
        guard let qrText = visit.qrText else { return [] }
        guard cardPresence == .present else {
            stage = .identify(.placeCard)
            return []
        }
        stage = .identify(.reading(0))
        return [.readCard(.qr(qrText), needs: context.identity.needs[.form] ?? [])]
    }

    mutating func cardRead(_ result: CardReadResult) -> [JourneyEffect] {
        guard case .identify(.reading) = stage else { return [] }
        let missing = context.identity.missing(for: .form, in: result.verdicts)
        guard missing.isEmpty else { return [.cancelCardRead] + cardFailed(.unproved(missing)) }
        visit.card = result
        visit.isCardFinished = false
        visit.form = nil
        stage = .identify(.done)
        // What the card proves need not be claimed.
        for priorityClass in context.priorityClasses where isProvedByAge(priorityClass) {
            visit.priorityClasses.insert(priorityClass.id)
        }
        return [.record(.identified)]
    }

    /// Late verdicts: a photograph that was exchanged shows only now. Whoever filled in a form meanwhile keeps it, and shows the
    /// card at the counter.
    mutating func cardFinished(_ result: CardReadResult) -> [JourneyEffect] {
        guard visit.card?.citizen == result.citizen else { return [] }
        visit.card = result
        visit.isCardFinished = true
        let missing = context.identity.missing(for: .form, in: result.verdicts)
        guard !missing.isEmpty, case .identify(.done) = stage else { return [] }
        visit.card = nil
        stage = .identify(.reading(1))
        return cardFailed(.unproved(missing))
    }

    /// Whether the staff must look at the card, because it proved less than the policy wants.
    var isCardToBeShown: Bool {
        visit.card.map { !context.identity.missing(for: .submission, in: $0.verdicts).isEmpty } ?? false
    }

    mutating func cardFailed(_ error: CardReadError) -> [JourneyEffect] {
        guard case .identify(.reading) = stage else { return [] }
        switch error {
        case .removed, .noCard:
            stage = .identify(.putBack)
            return []
        case .otherCard:
            return endVisit(error)
        default:
            visit.qrText = nil
            stage = .identify(.failed(error))
            return []
        }
    }

    /// One QR code opens one chip. When the chip that it opened is another person's, nothing of either may stay.
    private mutating func endVisit(_ error: CardReadError) -> [JourneyEffect] {
        let language = visit.language
        let wipe = reset()
        visit.language = language
        stage = .ended(error)
        return [.record(.cardMismatch)] + wipe
    }

    func isProvedByAge(_ priorityClass: PriorityClass) -> Bool {
        guard let minimumAge = priorityClass.minimumAge, let citizen = visit.card?.citizen else { return false }
        return citizen.dateOfBirth.age(on: today) >= minimumAge
    }
}
