import Foundation

/// What the hall display shows.
public struct HallDisplay: Sendable, Equatable, Codable {
    /// The hall's name.
    public var title: String
    /// Calls still going on or just made, newest first.
    public var calls: [Call]
    /// How many tickets wait.
    public var waiting: Int
    /// Counts up with each call and recall, so that a display knows what it has not announced yet.
    public var announcement: Int

    public struct Call: Sendable, Equatable, Codable {
        public var number: String
        /// The counter's label, for example `2`.
        public var counter: String
        public var calledAt: Date
        public var isPriority: Bool
        /// The announcement that called or recalled this ticket last. A display announces every call whose sequence is
        /// above the last it announced, lowest first; so two calls at once don't overwrite each other.
        public var sequence: Int
        public init(number: String, counter: String, calledAt: Date, isPriority: Bool, sequence: Int = 0) {
            self.number = number
            self.counter = counter
            self.calledAt = calledAt
            self.isPriority = isPriority
            self.sequence = sequence
        }
    }

    public init(title: String, calls: [Call], waiting: Int, announcement: Int) {
        self.title = title
        self.calls = calls
        self.waiting = waiting
        self.announcement = announcement
    }
}

/// What a counter's page shows.
public struct CounterView: Sendable, Equatable, Codable {
    public var counter: Int
    public var label: String
    /// The ticket at the counter, nil when the counter is free.
    public var current: Entry?
    /// Who waits, in the order in which they would be called now.
    public var waiting: [Entry]
    /// What the staff should know: a ticket without proof of printing, a device fault.
    public var notices: [String]

    public struct Entry: Sendable, Equatable, Codable {
        public var ticket: UUID
        public var number: String
        public var isPriority: Bool
        /// The queue class in Vietnamese, for example "Ưu tiên".
        public var className: String
        /// The procedure's title; nil for a ticket without a procedure.
        public var procedure: String?
        public var issuedAt: Date
        public var calledAt: Date?
        /// The dossier that came with the ticket.
        public var dossier: String?
        public init(
            ticket: UUID, number: String, isPriority: Bool, className: String, procedure: String?, issuedAt: Date,
            calledAt: Date? = nil, dossier: String? = nil
        ) {
            self.ticket = ticket
            self.number = number
            self.isPriority = isPriority
            self.className = className
            self.procedure = procedure
            self.issuedAt = issuedAt
            self.calledAt = calledAt
            self.dossier = dossier
        }
    }

    public init(counter: Int, label: String, current: Entry?, waiting: [Entry], notices: [String]) {
        self.counter = counter
        self.label = label
        self.current = current
        self.waiting = waiting
        self.notices = notices
    }
}

/// What a counter cannot do now.
public enum CounterError: Error, Sendable, Equatable {
    case unknownCounter
    /// Finish the ticket at the counter first.
    case counterBusy
    case nobodyWaits
    case noTicketAtCounter
}

/// The queue as the display and the counter pages see it.
public protocol HallDesk: Sendable {
    /// Numbers and labels of the counters of this hall.
    var counters: [(number: Int, label: String)] { get async }
    /// The display now, then each change.
    func displays() async -> AsyncStream<HallDisplay>
    /// The counter's view now, then each change.
    func views(counter: Int) async throws -> AsyncStream<CounterView>
    func callNext(counter: Int) async throws -> CounterView
    /// Announces the ticket at the counter again.
    func recall(counter: Int) async throws -> CounterView
    func finish(counter: Int) async throws -> CounterView
    /// The person did not come.
    func noShow(counter: Int) async throws -> CounterView
}
