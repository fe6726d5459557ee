import Foundation
import Logging
import Peripherals
import Store

/// The one authority for the numbers of a hall, and its counters' desk. Everything stands in the store; this actor
/// holds only who listens, so a restart loses nothing.
public actor HallQueue: HallDesk {
    public static let schema = StoreModule(name: "HallQueue", migrations: [.tickets, .papers])

    nonisolated let store: Store
    nonisolated let book: TicketBook
    /// Tickets reserved before this have no print job any more.
    private let startedAt: Date
    /// As the printer said last; nil before it said anything.
    var printer: PrinterCondition?
    private var displayListeners: [UUID: AsyncStream<HallDisplay>.Continuation] = [:]
    private var counterListeners: [UUID: (counter: Int, continuation: AsyncStream<CounterView>.Continuation)] = [:]

    private var isRefreshDue = false
    private var refreshes = 0
    private var shown = 0

    /// How long a change may take to reach the hall's screens: nobody there sees a tenth of a second.
    private static let showing = Duration.milliseconds(100)

    public nonisolated var configuration: HallConfiguration { book.configuration }

    public init(configuration: HallConfiguration, store: Store) {
        self.store = store
        book = TicketBook(configuration: configuration)
        startedAt = store.now()
    }

    // MARK: Tickets

    /// Gives the visit its number, in the caller's transaction. Asking again with the same key gives the same ticket.
    /// The ticket is called only after ``confirm(ticket:proof:)``.
    /// - Throws: ``QueueError``.
    public nonisolated func reserve(_ request: TicketRequest, in transaction: Store.Transaction) throws -> Ticket {
        let ticket = try book.reserve(request, in: transaction)
        transaction.afterCommit { [weak self] in Task { await self?.changed() } }
        return ticket
    }

    /// As above, in a transaction of its own.
    public func reserve(_ request: TicketRequest) async throws -> Ticket {
        try await store.write { [self] in try reserve(request, in: $0) }
    }

    /// The applicant holds the number: the ticket waits from now on. Repeating it changes nothing.
    /// - Throws: ``QueueError``.
    @discardableResult
    public func confirm(ticket: UUID, proof: TicketProof) async throws -> Ticket {
        try await change { [book] in try book.confirm(ticket, proof: proof, in: $0) }
    }

    /// - Throws: ``QueueError`` when the ticket was called already.
    @discardableResult
    public func void(ticket: UUID, reason: VoidReason) async throws -> Ticket {
        try await change { [book] in try book.void(ticket, reason: reason, in: $0) }
    }

    public func ticket(_ id: UUID) async throws -> Ticket {
        try await store.read { [book] in try book.ticket(id, in: $0) }
    }

    /// Today's tickets in the order of issue.
    public func tickets() async throws -> [Ticket] { try await day().tickets }

    /// Today's tickets without proof that nobody works on any more: for the staff to settle.
    public func unproved() async throws -> [Ticket] {
        try await day().unproved(at: store.now(), startedAt: startedAt)
    }

    /// What may be said about a ticket's wait; nil once it is called, ended or void.
    public func estimate(ticket: UUID) async throws -> WaitEstimate? {
        let now = store.now()
        return try await store.read { [book] database in
            try book.estimate(book.ticket(ticket, in: database), at: now, in: database)
        }
    }

    // MARK: Desk

    public var counters: [(number: Int, label: String)] { configuration.counters.map { ($0.number, $0.label) } }

    public func callNext(counter: Int) async throws -> CounterView {
        let counter = try known(counter)
        _ = try await change { [book] in try book.callNext(counter, in: $0) }
        return try await view(counter)
    }

    public func recall(counter: Int) async throws -> CounterView {
        let counter = try known(counter)
        try await change { [book] in try book.recall(counter, in: $0) }
        return try await view(counter)
    }

    public func finish(counter: Int) async throws -> CounterView {
        let counter = try known(counter)
        try await change { [book] in try book.end(at: counter, as: .finished, event: .ticketFinished, in: $0) }
        return try await view(counter)
    }

    public func noShow(counter: Int) async throws -> CounterView {
        let counter = try known(counter)
        try await change { [book] in try book.end(at: counter, as: .noShow, event: .ticketNoShow, in: $0) }
        return try await view(counter)
    }

    /// The counter's view now.
    public func view(counter: Int) async throws -> CounterView { try await view(known(counter)) }

    /// The display now.
    public func display() async throws -> HallDisplay { try await day().display(at: store.now()) }

    // MARK: Listeners

    public func displays() async -> AsyncStream<HallDisplay> {
        let (stream, continuation) = AsyncStream.makeStream(of: HallDisplay.self, bufferingPolicy: .bufferingNewest(1))
        let id = UUID()
        displayListeners[id] = continuation
        continuation.onTermination = { [weak self] _ in Task { await self?.forget(id) } }
        await refresh()
        return stream
    }

    public func views(counter: Int) async throws -> AsyncStream<CounterView> {
        _ = try known(counter)
        let (stream, continuation) = AsyncStream.makeStream(of: CounterView.self, bufferingPolicy: .bufferingNewest(1))
        let id = UUID()
        counterListeners[id] = (counter, continuation)
        continuation.onTermination = { [weak self] _ in Task { await self?.forget(id) } }
        await refresh()
        return stream
    }

    /// Sends everybody the state of now, soon. Changes that come together are shown together, and nobody at the kiosk
    /// waits for the screens of the hall.
    private func changed() {
        guard !isRefreshDue else { return }
        isRefreshDue = true
        Task {
            do { try await Task.sleep(for: Self.showing) } catch { /* shown at once */  }
            isRefreshDue = false
            await refresh()
        }
    }

    /// Sends everybody the state of now. The order of who waits changes with time alone, so `run` calls this regularly.
    private func refresh() async {
        guard !displayListeners.isEmpty || !counterListeners.isEmpty else { return }
        refreshes += 1
        let refresh = refreshes
        do {
            let day = try await day()
            // Two refreshes may overtake each other while they read; the older one is not shown after the newer.
            guard refresh > shown else { return }
            shown = refresh
            let now = store.now()
            for continuation in displayListeners.values { continuation.yield(day.display(at: now)) }
            for (number, continuation) in counterListeners.values {
                guard let counter = configuration.counter(number) else { continue }
                continuation.yield(day.view(counter, at: now, startedAt: startedAt, printer: printer))
            }
        } catch {
            Self.logger.error("the hall's state can't be read", metadata: ["error": "\(error)"])
        }
    }

    /// Keeps listeners up to date and ends what earlier days left behind, until the task is cancelled.
    public func run(every interval: Duration = .seconds(10), clock: some Clock<Duration> = ContinuousClock()) async {
        while !Task.isCancelled {
            do {
                _ = try await closeEarlierDays()
                await refresh()
                try await clock.sleep(for: interval)
            } catch is CancellationError {
                return
            } catch {
                Self.logger.error("the hall's day can't be kept", metadata: ["error": "\(error)"])
                do { try await clock.sleep(for: interval) } catch { return }
            }
        }
    }

    /// Ends tickets of earlier days. - Returns: how many.
    @discardableResult
    public func closeEarlierDays() async throws -> Int {
        try await store.write { [book] in try book.closeEarlierDays(in: $0) }
    }

    private static let logger = Logger(label: "hall-queue")

    private func forget(_ id: UUID) {
        displayListeners[id] = nil
        counterListeners[id] = nil
    }

    private func known(_ counter: Int) throws -> HallConfiguration.Counter {
        guard let counter = configuration.counter(counter) else { throw CounterError.unknownCounter }
        return counter
    }

    func day() async throws -> HallDay {
        let date = BusinessDate(store.now())
        return try await store.read { [book] in try HallDay(date, configuration: book.configuration, in: $0) }
    }

    private func view(_ counter: HallConfiguration.Counter) async throws -> CounterView {
        try await day().view(counter, at: store.now(), startedAt: startedAt, printer: printer)
    }

    func change<Value: Sendable>(
        _ body: @escaping @Sendable (Store.Transaction) throws -> Value
    ) async throws -> Value {
        let value = try await store.write(body)
        changed()
        return value
    }
}
