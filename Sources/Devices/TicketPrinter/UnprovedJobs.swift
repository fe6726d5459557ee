import Foundation

/// Failed jobs whose fence a printer may still echo: one that keeps its buffer prints their rest after the repair.
public struct UnprovedJobs: Sendable, Equatable {
    private struct Entry: Sendable, Equatable {
        let fence: FenceID
        let job: UUID
    }

    /// More jobs than a printer's buffer can hold.
    static let limit = 64

    private var entries: [Entry] = []

    public init() {}

    public var count: Int { entries.count }

    /// The oldest is forgotten when there are too many.
    public mutating func add(_ job: UUID, fence: FenceID) {
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
