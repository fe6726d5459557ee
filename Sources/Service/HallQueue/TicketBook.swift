import Foundation
import GRDB
import Store

/// The tickets in the database: every change of a ticket's state goes through here, inside one transaction, with its
/// event. It reads no clock: a transaction has one time.
struct TicketBook: Sendable {
    static let highestNumber = 999

    let configuration: HallConfiguration

    func reserve(_ request: TicketRequest, in transaction: Store.Transaction) throws -> Ticket {
        let database = transaction.database
        if let issued = try Row.fetchOne(
            database, compiled: "SELECT * FROM ticket WHERE hall = ? AND key = ?",
            arguments: [configuration.hall, request.key.uuidString])
        {
            return try Ticket(issued)
        }
        guard let queueClass = configuration.queueClass(request.queueClass) else {
            throw QueueError.unknownClass(request.queueClass)
        }
        let today = BusinessDate(transaction.now).description
        // The writer's transaction is exclusive, and UNIQUE(hall, business_date, series, number) stands behind it.
        let number =
            try Int.fetchOne(
                database,
                compiled: """
                    INSERT INTO ticket_series (hall, business_date, series, last) VALUES (?, ?, ?, 1)
                    ON CONFLICT (hall, business_date, series) DO UPDATE SET last = last + 1
                    RETURNING last
                    """,
                arguments: [configuration.hall, today, queueClass.series]) ?? 0
        guard (1...Self.highestNumber).contains(number) else {
            throw QueueError.seriesExhausted(series: queueClass.series)
        }
        let id = UUID()
        try database.execute(
            compiled: """
                INSERT INTO ticket (id, key, hall, business_date, series, number, class, procedure, procedure_title,
                    dossier, language, state, issued_at_ms)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'reserved', ?)
                """,
            arguments: [
                id.uuidString, request.key.uuidString, configuration.hall, today, queueClass.series, number,
                queueClass.id, request.procedure, request.procedureTitle, request.dossier, request.language,
                transaction.now.milliseconds,
            ])
        var facts: [String: EventFact] = ["class": .code(queueClass.id), "number": .count(number)]
        if let procedure = request.procedure { facts["procedure"] = .code(procedure) }
        try transaction.append(.ticketReserved, subject: id, facts)
        return try ticket(id, in: database)
    }

    /// Reserved becomes waiting; with the same proof again nothing changes.
    func confirm(_ id: UUID, proof: TicketProof, in transaction: Store.Transaction) throws -> Ticket {
        let ticket = try ticket(id, in: transaction.database)
        if ticket.state != .reserved {
            guard ticket.proof != nil, ticket.state != .void else {
                throw QueueError.wrongState(ticket: id, state: ticket.state)
            }
            return ticket
        }
        let estimate = try estimate(ticket, at: transaction.now, in: transaction.database)
        try transaction.database.execute(
            compiled: """
                UPDATE ticket SET state = 'waiting', proof = ?, estimate_low_ms = ?, estimate_high_ms = ? WHERE id = ?
                """,
            arguments: [
                proof.rawValue, estimate?.range?.lowerBound.milliseconds, estimate?.range?.upperBound.milliseconds,
                id.uuidString,
            ])
        try transaction.append(.ticketConfirmed, subject: id, ["proof": .code(proof.rawValue)])
        return try self.ticket(id, in: transaction.database)
    }

    /// Reserved or waiting becomes void; what is void already stays so.
    func void(_ id: UUID, reason: VoidReason, in transaction: Store.Transaction) throws -> Ticket {
        let ticket = try ticket(id, in: transaction.database)
        if ticket.state == .void { return ticket }
        guard ticket.state == .reserved || ticket.state == .waiting else {
            throw QueueError.wrongState(ticket: id, state: ticket.state)
        }
        try end(id, as: .void, reason: reason, in: transaction)
        try transaction.append(.ticketVoided, subject: id, ["reason": .code(reason.rawValue)])
        return try self.ticket(id, in: transaction.database)
    }

    /// Calls the next ticket to a free counter.
    func callNext(_ counter: HallConfiguration.Counter, in transaction: Store.Transaction) throws -> Ticket {
        let database = transaction.database
        guard try current(at: counter, in: transaction) == nil else { throw CounterError.counterBusy }
        let line = try WaitingLine(BusinessDate(transaction.now), configuration: configuration, in: database)
        guard let chosen = line.next(at: transaction.now, reservedFor: counter.reservedFor) else {
            throw CounterError.nobodyWaits
        }
        try database.execute(
            compiled: """
                UPDATE ticket SET state = 'called', counter = ?, called_at_ms = ? WHERE id = ? AND state = 'waiting'
                """,
            arguments: [counter.number, transaction.now.milliseconds, chosen.uuidString])
        try announce(chosen, at: counter, in: transaction)
        let ticket = try ticket(chosen, in: database)
        var facts: [String: EventFact] = [
            "class": .code(ticket.queueClass), "counter": .count(counter.number),
            "waited": .duration(.seconds(max(0, transaction.now.timeIntervalSince(ticket.issuedAt)))),
        ]
        // What was promised stands beside what came, so that it is known how far estimates are off.
        let promised = try Row.fetchOne(
            database, compiled: "SELECT estimate_low_ms, estimate_high_ms FROM ticket WHERE id = ?",
            arguments: [chosen.uuidString])
        if let low = promised?["estimate_low_ms"] as Int64?, let high = promised?["estimate_high_ms"] as Int64? {
            facts["estimateLow"] = .duration(.milliseconds(low))
            facts["estimateHigh"] = .duration(.milliseconds(high))
        }
        try transaction.append(.ticketCalled, subject: ticket.id, facts)
        return ticket
    }

    func recall(_ counter: HallConfiguration.Counter, in transaction: Store.Transaction) throws {
        let ticket = try called(at: counter, in: transaction)
        try announce(ticket.id, at: counter, in: transaction)
        try transaction.append(.ticketRecalled, subject: ticket.id, ["counter": .count(counter.number)])
    }

    /// Ends the ticket at the counter.
    func end(
        at counter: HallConfiguration.Counter, as state: Ticket.State, event: EventName,
        in transaction: Store.Transaction
    ) throws {
        let ticket = try called(at: counter, in: transaction)
        try end(ticket.id, as: state, reason: nil, in: transaction)
        let served = transaction.now.timeIntervalSince(ticket.calledAt ?? transaction.now)
        try transaction.append(
            event, subject: ticket.id,
            ["counter": .count(counter.number), "served": .duration(.seconds(max(0, served)))])
    }

    /// Ends what earlier days left behind; nothing of yesterday is ever called.
    /// - Returns: how many tickets were ended.
    func closeEarlierDays(in transaction: Store.Transaction) throws -> Int {
        let left = try Row.fetchAll(
            transaction.database,
            compiled: """
                SELECT * FROM ticket
                WHERE hall = ? AND business_date < ? AND state IN ('reserved', 'waiting', 'called')
                """,
            arguments: [configuration.hall, BusinessDate(transaction.now).description]
        ).map(Ticket.init)
        for ticket in left {
            let state: Ticket.State = ticket.state == .called ? .finished : .void
            try end(ticket.id, as: state, reason: state == .void ? .dayEnded : nil, in: transaction)
            try transaction.append(.ticketDayEnded, subject: ticket.id, ["was": .code(ticket.state.rawValue)])
        }
        return left.count
    }

    func ticket(_ id: UUID, in database: Database) throws -> Ticket {
        guard
            let row = try Row.fetchOne(
                database, compiled: "SELECT * FROM ticket WHERE id = ? AND hall = ?",
                arguments: [id.uuidString, configuration.hall])
        else { throw QueueError.unknownTicket(id) }
        return try Ticket(row)
    }

    /// What an applicant with this ticket may be told; nil once it is called or void.
    func estimate(_ ticket: Ticket, at now: Date, in database: Database) throws -> WaitEstimate? {
        guard ticket.state == .reserved || ticket.state == .waiting else { return nil }
        let today = BusinessDate(now)
        let line = try WaitingLine(today, configuration: configuration, in: database)
        let day: StatementArguments = [configuration.hall, today.description]
        let served = try Int64.fetchAll(
            database,
            compiled: """
                SELECT ended_at_ms - called_at_ms FROM ticket
                WHERE hall = ? AND business_date = ? AND state = 'finished' AND ended_at_ms > called_at_ms
                """, arguments: day)
        let open = try Int.fetchOne(
            database,
            compiled: """
                SELECT count(DISTINCT counter) FROM ticket WHERE hall = ? AND business_date = ? AND called_at_ms > ?
                """, arguments: day + [now.milliseconds - WaitEstimate.openCounter.milliseconds])
        return WaitEstimate(
            ahead: line.ahead(of: ticket, at: now), served: served.map { .milliseconds($0) }, openCounters: open ?? 0)
    }

    private func called(at counter: HallConfiguration.Counter, in transaction: Store.Transaction) throws -> Ticket {
        guard let ticket = try current(at: counter, in: transaction) else { throw CounterError.noTicketAtCounter }
        return ticket
    }

    private func current(at counter: HallConfiguration.Counter, in transaction: Store.Transaction) throws -> Ticket? {
        try Row.fetchOne(
            transaction.database,
            compiled: """
                SELECT * FROM ticket WHERE hall = ? AND business_date = ? AND state = 'called' AND counter = ?
                ORDER BY issued_at_ms, rowid
                """,
            arguments: [configuration.hall, BusinessDate(transaction.now).description, counter.number]
        ).map(Ticket.init)
    }

    private func end(_ id: UUID, as state: Ticket.State, reason: VoidReason?, in transaction: Store.Transaction) throws
    {
        try transaction.database.execute(
            compiled: "UPDATE ticket SET state = ?, ended_at_ms = ?, void_reason = ? WHERE id = ?",
            arguments: [state.rawValue, transaction.now.milliseconds, reason?.rawValue, id.uuidString])
    }

    private func announce(
        _ ticket: UUID, at counter: HallConfiguration.Counter, in transaction: Store.Transaction
    ) throws {
        try transaction.database.execute(
            compiled: "INSERT INTO announcement (ticket, counter, counter_label, at_ms) VALUES (?, ?, ?, ?)",
            arguments: [ticket.uuidString, counter.number, counter.label, transaction.now.milliseconds])
    }
}

extension EventName {
    public static let ticketReserved = EventName("ticket.reserved")
    public static let ticketConfirmed = EventName("ticket.confirmed")
    public static let ticketVoided = EventName("ticket.voided")
    public static let ticketCalled = EventName("ticket.called")
    public static let ticketRecalled = EventName("ticket.recalled")
    public static let ticketFinished = EventName("ticket.finished")
    public static let ticketNoShow = EventName("ticket.no-show")
    public static let ticketDayEnded = EventName("ticket.day-ended")
}
