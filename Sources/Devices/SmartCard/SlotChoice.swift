/// Which of several slots, or of PC/SC's readers, is the contactless one, from what is seen in each. Pure.
///
/// A card in the contactless slot has an answer to reset that the reader made up (PC/SC part 3, 3.1.3.2.3); security
/// modules and chip cards have their own. Slots that hold one of these are passed over as long as it stays there, which
/// for a security module is for good.
public struct SlotChoice<Place: Sendable & Hashable>: Sendable {
    public enum Evidence: Sendable, Equatable {
        case empty
        /// A card with an answer to reset as contactless readers make it.
        case contactless
        /// Something with an answer of its own, or with none.
        case other
        /// The slot does not answer as a slot.
        case unusable
    }

    public enum Decision: Sendable, Equatable {
        case settled(Place)
        /// To be watched, the likeliest first; empty when there is none to watch.
        case open([Place])
    }

    public let places: [Place]
    private var evidence: [Place: Evidence] = [:]

    public init(_ places: [Place]) { self.places = places }

    public mutating func note(_ seen: Evidence, at place: Place) { evidence[place] = seen }

    public func seen(at place: Place) -> Evidence? { evidence[place] }

    public var decision: Decision {
        let usable = places.filter { evidence[$0] != .unusable }
        if let proved = usable.first(where: { evidence[$0] == .contactless }) { return .settled(proved) }
        if usable.count == 1 { return .settled(usable[0]) }
        let free = usable.filter { evidence[$0] != .other }
        // The only slot that a person can lay a card on.
        if free.count == 1, evidence[free[0]] == .empty { return .settled(free[0]) }
        return .open(usable)
    }
}
