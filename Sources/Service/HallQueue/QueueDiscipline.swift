import Foundation

/// Who is called next: the accumulating priority queue (Kleinrock 1964; Stanford, Taylor, Ziedins 2014) with a cap.
///
/// Each waiting ticket gains credit at its class's rate, and a free counter takes the highest. Ordinary people are never
/// starved, and the ratio of the rates sets the ratio of the waits under load.
public struct QueueDiscipline: Sendable, Equatable {
    /// A ticket as the discipline sees it.
    public struct Waiting: Sendable, Equatable {
        public var id: UUID
        public var queueClass: String
        /// Waits from this moment.
        public var since: Date
        /// Settles a tie: the order of issue.
        public var order: Int

        public init(id: UUID, queueClass: String, since: Date, order: Int) {
            self.id = id
            self.queueClass = queueClass
            self.since = since
            self.order = order
        }
    }

    private let rates: [String: Double]
    private let priority: Set<String>
    private let cap: PriorityCap?

    public init(classes: [QueueClass], cap: PriorityCap?) {
        rates = Dictionary(classes.map { ($0.id, max(0, $0.rate)) }, uniquingKeysWith: { first, _ in first })
        priority = Set(classes.filter(\.isPriority).map(\.id))
        self.cap = cap
    }

    /// The ticket to call now; nil when nobody waits.
    /// - Parameters:
    ///   - priorityRun: how many priority tickets were called in a row just before.
    ///   - reservedFor: the class the free counter is kept for.
    public func next(
        among waiting: [Waiting], at now: Date, priorityRun: Int, reservedFor: String? = nil
    ) -> Waiting? {
        if let reservedFor {
            let own = waiting.filter { $0.queueClass == reservedFor }
            if !own.isEmpty { return highest(own, now) }
        }
        if let cap, priorityRun >= cap.calls {
            let ordinary = waiting.filter { !priority.contains($0.queueClass) }
            if ordinary.contains(where: { now.timeIntervalSince($0.since) > cap.ordinaryWaitSeconds }) {
                return highest(ordinary, now)
            }
        }
        return highest(waiting, now)
    }

    /// Everybody in the order in which they would be called if all were called now.
    public func order(
        _ waiting: [Waiting], at now: Date, priorityRun: Int, reservedFor: String? = nil
    ) -> [Waiting] {
        var rest = waiting
        var run = priorityRun
        var ordered: [Waiting] = []
        while let chosen = next(among: rest, at: now, priorityRun: run, reservedFor: reservedFor) {
            ordered.append(chosen)
            run = priority.contains(chosen.queueClass) ? run + 1 : 0
            rest.removeAll { $0.id == chosen.id }
        }
        return ordered
    }

    /// Credit gained by `now`; a clock that was set back gives none.
    public func credit(_ ticket: Waiting, at now: Date) -> Double {
        max(0, now.timeIntervalSince(ticket.since)) * (rates[ticket.queueClass] ?? 1)
    }

    private func highest(_ waiting: [Waiting], _ now: Date) -> Waiting? {
        waiting.max { left, right in
            let (leftCredit, rightCredit) = (credit(left, at: now), credit(right, at: now))
            return leftCredit == rightCredit ? left.order > right.order : leftCredit < rightCredit
        }
    }
}
