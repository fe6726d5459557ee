import Foundation
import Peripherals

/// Failed jobs whose fence a printer may still echo: one that keeps its buffer prints their rest when it is well again.
///
/// An echo proves that everything was printed, not that it is on one paper. So it counts only while nobody can have had
/// the paper in hands: a cover that was opened, a new roll, a freed cutter, or a printer that was not heard for a while
/// ends the hope for every job before.
public struct UnprovedJobs: Sendable, Equatable {
    private struct Entry: Sendable, Equatable {
        let fence: FenceID
        let job: UUID
    }

    /// More jobs than a printer's buffer can hold.
    static let limit = 64

    private var entries: [Entry] = []
    private var seen = PrinterCondition.unknown

    public init() {}

    public var count: Int { entries.count }

    /// The printer's condition was seen.
    public mutating func saw(_ condition: PrinterCondition) {
        seen = condition
        if !condition.leavesPaperAlone { entries = [] }
    }

    /// A job ended without proof. The oldest is forgotten when there are too many.
    public mutating func add(_ job: UUID, fence: FenceID) {
        guard seen.leavesPaperAlone else { return }
        entries.removeAll { $0.fence == fence }
        entries.append(Entry(fence: fence, job: job))
        if entries.count > Self.limit { entries.removeFirst() }
    }

    /// The job that this echo proves; it is proved once.
    public mutating func take(_ fence: FenceID) -> UUID? {
        guard let index = entries.firstIndex(where: { $0.fence == fence }) else { return nil }
        return entries.remove(at: index).job
    }
}

extension PrinterCondition {
    /// Whether the printer goes on by itself, or by a button, without a hand at its paper.
    fileprivate var leavesPaperAlone: Bool {
        switch self {
        case .ready, .paperNearEnd, .overheated, .offline: true
        case .unknown, .absent, .busy, .accessDenied, .paperOut, .coverOpen, .cutterJam, .queueStopped, .noService,
            .fault:
            false
        }
    }
}
