/// One event of a subscription (RFC 3995, 9): the queue as it was at that moment, and the job it was about.
struct QueueEvent: Sendable, Equatable {
    var sequence: Int
    /// For example `printer-state-changed`.
    var name: String
    /// nil where the event tells of a job only.
    var printer: PrinterSnapshot?
    var job: Int?

    init?(_ attributes: IPPAttributes) {
        guard let sequence = attributes.integer("notify-sequence-number"),
            let name = attributes.text("notify-subscribed-event")
        else { return nil }
        self.sequence = sequence
        self.name = name
        printer = PrinterSnapshot(attributes)
        job = attributes.integer("notify-job-id")
    }
}

/// A subscription and how far its events were read. Pure.
struct EventSubscription: Sendable, Equatable {
    /// So long does CUPS keep it after the kiosk has vanished.
    static let lease = Duration.seconds(600)

    let id: Int
    /// The next event's number.
    private(set) var next = 1
    private var leasedAt: Duration

    init(id: Int, at now: Duration) {
        self.id = id
        leasedAt = now
    }

    /// At half of the lease: one failure more is no loss.
    func isToBeRenewed(at now: Duration) -> Bool { now - leasedAt >= Self.lease / 2 }

    mutating func renewed(at now: Duration) { leasedAt = now }

    /// - Returns: those that were not seen before.
    mutating func take(_ events: [QueueEvent]) -> [QueueEvent] {
        let new = events.filter { $0.sequence >= next }.sorted { $0.sequence < $1.sequence }
        next = max(next, (new.last?.sequence ?? 0) + 1)
        return new
    }
}
