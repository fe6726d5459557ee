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
        let sorted = byCredit(waiting, now)
        return choice(among: sorted, now, priorityRun, reservedFor).map { sorted[$0] }
    }

    /// Everybody in the order in which they would be called if all were called now.
    public func order(
        _ waiting: [Waiting], at now: Date, priorityRun: Int, reservedFor: String? = nil
    ) -> [Waiting] {
        // Nobody's credit changes within one moment, so it is worked out once.
        var rest = byCredit(waiting, now)
        var run = priorityRun
        var ordered: [Waiting] = []
        while let index = choice(among: rest, now, run, reservedFor) {
            let chosen = rest.remove(at: index)
            ordered.append(chosen)
            run = priority.contains(chosen.queueClass) ? run + 1 : 0
        }
        return ordered
    }

    /// Credit gained by `now`; a clock that was set back gives none.
    public func credit(_ ticket: Waiting, at now: Date) -> Double {
        max(0, now.timeIntervalSince(ticket.since)) * (rates[ticket.queueClass] ?? 1)
    }

    /// Where the ticket to call stands among tickets sorted by credit.
    private func choice(among sorted: [Waiting], _ now: Date, _ priorityRun: Int, _ reservedFor: String?) -> Int? {
        if let reservedFor, let own = sorted.firstIndex(where: { $0.queueClass == reservedFor }) { return own }
        if let cap, priorityRun >= cap.calls {
            let isTooLong = sorted.contains { ticket in
                !priority.contains(ticket.queueClass) && now.timeIntervalSince(ticket.since) > cap.ordinaryWaitSeconds
            }
            if isTooLong { return sorted.firstIndex { !priority.contains($0.queueClass) } }
        }
        return sorted.isEmpty ? nil : 0
    }

    private func byCredit(_ waiting: [Waiting], _ now: Date) -> [Waiting] {
        let rated: [(ticket: Waiting, credit: Double)] = waiting.map { ($0, credit($0, at: now)) }
        let sorted = rated.sorted { left, right in
            left.credit == right.credit ? left.ticket.order < right.ticket.order : left.credit > right.credit
        }
        return sorted.map(\.ticket)
    }
}
