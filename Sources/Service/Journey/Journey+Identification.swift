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
        return [.readCard(.qr(qrText))]
    }

    mutating func cardRead(_ result: CardReadResult) -> [JourneyEffect] {
        guard case .identify(.reading) = stage else { return [] }
        visit.card = result
        visit.form = nil
        stage = .identify(.done)
        // What the card proves need not be claimed.
        for priorityClass in context.priorityClasses where isProvedByAge(priorityClass) {
            visit.priorityClasses.insert(priorityClass.id)
        }
        return [.record(.identified)]
    }

    mutating func cardFailed(_ error: CardReadError) -> [JourneyEffect] {
        guard case .identify(.reading) = stage else { return [] }
        switch error {
        case .removed, .noCard:
            stage = .identify(.putBack)
            return []
        default:
            visit.qrText = nil
            stage = .identify(.failed(error))
            return []
        }
    }

    func isProvedByAge(_ priorityClass: PriorityClass) -> Bool {
        guard let minimumAge = priorityClass.minimumAge, let citizen = visit.card?.citizen else { return false }
        return citizen.dateOfBirth.age(on: today) >= minimumAge
    }
}
