import Peripherals

/// What is known about the papers of one ticket. Pure; kept in the ticket's row, changed in the transaction that
/// precedes each step.
///
/// ```
/// reserved ──▶ sending ──▶ awaitingProof ──▶ printed | transmitted
///     │           └──────────────┴─────────▶ failed      (paper possible)
///     └────────────────────────────────────▶ refused     (no paper, and none will come)
/// ```
/// An ended copy may be followed by another, `reprint()`; what happened to the ones before is not forgotten.
public struct TicketPaper: Sendable, Equatable, Codable {
    public enum State: String, Sendable, Codable, CaseIterable {
        /// The number is taken; nothing was handed to a printer.
        case reserved
        case sending
        case awaitingProof = "awaiting-proof"
        case printed
        case transmitted
        case refused
        case failed

        /// Whether a print job is under way.
        public var isUnderWay: Bool { self == .reserved || self == .sending || self == .awaitingProof }
    }

    /// Counts the papers: 1 is the first.
    public private(set) var copy: Int
    public private(set) var state: State
    /// Why the copy was refused or failed.
    public private(set) var condition: PrinterCondition?
    /// Some copy has reached `sending`.
    public private(set) var mayBeOnPaper: Bool
    /// A second paper was offered, after the repair or the restart: it is not offered again.
    public private(set) var wasOffered: Bool
    /// A printer confirmed one of the copies, in time or late.
    public private(set) var isProved: Bool

    /// The first copy, reserved.
    public init() {
        self.init(
            copy: 1, state: .reserved, condition: nil, mayBeOnPaper: false, wasOffered: false, isProved: false)
    }

    init(
        copy: Int, state: State, condition: PrinterCondition?, mayBeOnPaper: Bool, wasOffered: Bool, isProved: Bool
    ) {
        self.copy = copy
        self.state = state
        self.condition = condition
        self.mayBeOnPaper = mayBeOnPaper
        self.wasOffered = wasOffered
        self.isProved = isProved
    }

    /// A second paper must say IN LẠI.
    public var needsMark: Bool { mayBeOnPaper }

    public mutating func took(_ step: PrintStep) {
        switch step {
        case .sending: state = .sending
        case .awaitingProof: state = .awaitingProof
        }
        condition = nil
        mayBeOnPaper = true
    }

    public mutating func ended(_ outcome: PrintOutcome) {
        switch outcome {
        case .printed:
            mayBeOnPaper = true
            isProved = true
            (state, condition) = (.printed, nil)
        case .transmitted:
            mayBeOnPaper = true
            (state, condition) = (.transmitted, nil)
        case .refused(let why):
            (state, condition) = (.refused, why)
        case .failed(let why):
            mayBeOnPaper = true
            (state, condition) = (.failed, why)
        }
    }

    /// A printer confirmed a copy that had failed. A further copy under way goes on: its paper is marked.
    public mutating func provedLate() {
        guard mayBeOnPaper else { return }
        isProved = true
        if !state.isUnderWay { (state, condition) = (.printed, nil) }
    }

    /// The process began anew: what was reserved is refused (nothing was sent), what was sent or awaited is failed.
    public mutating func restarted() {
        switch state {
        case .reserved: ended(.refused(.unknown))
        case .sending, .awaitingProof: ended(.failed(.unknown))
        case .printed, .transmitted, .refused, .failed: break
        }
    }

    /// True once, when there is no proof and the job has ended.
    public mutating func offer() -> Bool {
        guard !state.isUnderWay, !isProved, !wasOffered else { return false }
        wasOffered = true
        return true
    }

    /// A further copy begins: reserved again. Nothing begins while a copy is under way.
    public mutating func reprint() {
        guard !state.isUnderWay else { return }
        copy += 1
        (state, condition) = (.reserved, nil)
    }
}
