import SmartCard

/// Which of pcscd's readers the identity card is laid on. Pure; sees the whole list after each change.
struct PCSCReaderChoice: Sendable {
    /// A part of the name, where the settings say one.
    let wanted: String?
    /// The reader on which a contactless card was seen, as long as it is there.
    private var known: String?
    /// Readers that were empty once: what lies on them was laid there, and is no security module.
    private var open: Set<String> = []

    init(wanted: String? = nil) { self.wanted = wanted }

    /// - Returns: which reader to use, the likeliest one as long as that is not known.
    mutating func see(_ all: [PCSCReaderState]) -> PCSCCondition {
        let states = all.filter { state in
            state.isUsable && (wanted.map { state.name.contains($0) } ?? !Self.isForModules(state.name))
        }
        guard let first = states.first else { return .noReader }
        open.formUnion(states.filter { !$0.hasCard }.map(\.name))
        if let known, let state = states.first(where: { $0.name == known }) {
            return .ready(known, hasCard: state.hasCard)
        }
        known = nil
        var choice = SlotChoice(states.map(\.name))
        for state in states { choice.note(Self.evidence(state), at: state.name) }
        if case .settled(let name) = choice.decision, choice.seen(at: name) == .contactless {
            known = name
            return .ready(name, hasCard: true)
        }
        // Not every driver makes an answer to reset as PC/SC wants it: a card that was laid on is one all the same.
        if let laid = states.first(where: { $0.hasCard && !$0.isMute && (open.contains($0.name) || states.count == 1) })
        {
            return .ready(laid.name, hasCard: true)
        }
        return .ready((states.first { !$0.hasCard } ?? first).name, hasCard: false)
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
