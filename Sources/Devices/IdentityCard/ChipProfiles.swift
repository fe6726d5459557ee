import CardCryptography
import Synchronization

/// The habits of the chips met lately, by kind of chip. Kept in memory and for as long as its owner keeps it; says nothing
/// about a person: a kind is the answer to reset and EF.CardAccess, which all cards of one series share, and what the way to the
/// card carries.
public final class ChipProfiles: Sendable {
    public struct Kind: Sendable, Hashable {
        private let hash: [UInt8]

        /// - Parameter longestResponse: of the way to the card, in bytes; 0 for short commands only.
        public init(answerToReset: [UInt8], cardAccess: [UInt8], longestResponse: Int = 0) {
            let length = [16, 8, 0].map { UInt8(truncatingIfNeeded: longestResponse >> $0) }
            let parts = length + [UInt8(truncatingIfNeeded: answerToReset.count)] + answerToReset + cardAccess
            // Without a hash every chip would be of one kind, which costs time and nothing else.
            hash = (try? HashFunction.sha256.hash(parts)) ?? []
        }
    }

    public static let limit = 32

    /// The latest last.
    private let known = Mutex<[(kind: Kind, habits: ChipHabits)]>([])

    public init() {}

    public func habits(of kind: Kind) -> ChipHabits? {
        known.withLock { $0.last { $0.kind == kind }?.habits }
    }

    public func remember(_ habits: ChipHabits, of kind: Kind) {
        known.withLock { list in
            list.removeAll { $0.kind == kind }
            list.append((kind, habits))
            if list.count > Self.limit { list.removeFirst() }
        }
    }
}
