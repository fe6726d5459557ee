import SmartCard

/// Which of pcscd's readers the identity card is laid on. Pure; sees the whole list after each change.
struct PCSCReaderChoice: Sendable {
    /// A part of the name, where the settings say one.
    let wanted: String?
    /// The reader on which a contactless card was seen, as long as it is there.
    private var known: String?

    init(wanted: String? = nil) { self.wanted = wanted }

    /// - Returns: the readers to use, in order: the one if it is known, else all that may be it.
    mutating func see(_ states: [PCSCReaderState]) -> PCSCCondition {
        let states = states.filter { state in
            state.isUsable && (wanted.map { state.name.contains($0) } ?? !Self.isForModules(state.name))
        }
        guard !states.isEmpty else { return .noReader }
        if !states.contains(where: { $0.name == known }) { known = nil }
        if known == nil {
            var choice = SlotChoice(states.map(\.name))
            for state in states { choice.note(Self.evidence(state), at: state.name) }
            guard case .settled(let name) = choice.decision else { return .ready(states[0].name, hasCard: false) }
            // A sole candidate is no proof: another reader may be plugged in.
            if choice.seen(at: name) == .contactless { known = name }
            return .ready(name, hasCard: states.contains { $0.name == name && $0.hasCard })
        }
        return .ready(known ?? "", hasCard: states.contains { $0.name == known && $0.hasCard })
    }

    private static func evidence(_ state: PCSCReaderState) -> SlotChoice<String>.Evidence {
        guard state.hasCard else { return .empty }
        return (try? AnswerToReset(state.answerToReset))?.isContactless == true ? .contactless : .other
    }

    /// Drivers name the slots of one device apart; these hold a module that is no card.
    private static func isForModules(_ name: String) -> Bool { name.contains("SAM") }
}

/// How the kiosk stands with pcscd.
public enum PCSCCondition: Sendable, Equatable {
    /// pcscd does not run.
    case noService
    case noReader
    /// The reader by its PC/SC name, and whether a card lies on it.
    case ready(String, hasCard: Bool)
}
