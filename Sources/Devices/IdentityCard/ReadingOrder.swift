import Peripherals

/// In which order a card is read: what the applicant waits for first, the photograph last. Pure.
///
/// EF.SOD comes second because it lists the groups there are, signed; so EF.COM, which lists them unsigned, is asked for only
/// where EF.SOD says nothing, and no command is spent on a group that the card does not have.
struct ReadingOrder {
    enum Step: Equatable {
        case read(ElementaryFile)
        /// By the keys in DG14 or DG15.
        case authenticateChip
        case tellHolder
        case finish
    }

    /// Fingerprints and irises: they want terminal authentication, and the kiosk has no business with them.
    static let neverRead: Set<Int> = [3, 4]

    private var steps: [Step]
    /// nil while nothing has told which groups there are.
    private(set) var listed: Set<Int>?

    init(needs: Set<CardVerdicts.Kind>) {
        // A read follows authentication both times: its answer shows at no cost that the chip has the new keys.
        steps =
            needs.contains(.chip)
            ? [.read(.dataGroup1), .read(.securityObject), .authenticateChip, .read(.dataGroup13), .tellHolder]
            : [.read(.dataGroup1), .read(.securityObject), .read(.dataGroup13), .tellHolder, .authenticateChip]
        steps += [.read(.dataGroup(11)), .read(.dataGroup(12)), .read(.dataGroup2)]
    }

    mutating func next() -> Step { steps.isEmpty ? .finish : steps.removeFirst() }

    /// Whether it makes sense to ask for this group.
    func mayHave(_ group: Int) -> Bool { listed?.contains(group) ?? true }

    /// The security object, or else EF.COM, has told which groups there are.
    mutating func know(_ groups: Set<Int>) {
        listed = groups
        steps.removeAll { step in
            guard case .read(.dataGroup(let number)) = step else { return false }
            return !groups.contains(number)
        }
        let planned: [Int] = steps.compactMap { if case .read(.dataGroup(let number)) = $0 { number } else { nil } }
        let others = groups.subtracting(planned).subtracting(Self.neverRead).subtracting([1, 14]).sorted()
            .filter { (1...16).contains($0) }
        let photograph = steps.firstIndex(of: .read(.dataGroup2)) ?? steps.endIndex
        steps.insert(contentsOf: others.map { .read(.dataGroup($0)) }, at: photograph)
    }

    /// The security object says nothing: ask the unsigned list next.
    mutating func askCommonFile() { steps.insert(.read(.common), at: 0) }
}
