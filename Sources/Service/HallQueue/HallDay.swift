import Foundation
import GRDB
import Peripherals
import Store

/// One day of the hall as it stands in the database: everything the display, the counters and the estimate show.
struct HallDay: Sendable {
    /// A call as the display shows it.
    struct Announced: Sendable {
        let ticket: UUID
        let counterLabel: String
        /// The announcement that called it first, and the one that called or recalled it last.
        let first: Int
        let sequence: Int
    }

    static let callsOnDisplay = 8

    let configuration: HallConfiguration
    let tickets: [Ticket]
    /// Every ticket that was called, the newest announcement first.
    let announced: [Announced]
    let roll: PaperRoll

    init(_ date: BusinessDate, configuration: HallConfiguration, in database: Database) throws {
        self.configuration = configuration
        roll = try PaperRoll.read(in: database)
        tickets = try Row.fetchAll(
            database, sql: "SELECT * FROM ticket WHERE hall = ? AND business_date = ? ORDER BY issued_at_ms, rowid",
            arguments: [configuration.hall, date.description]
        ).map(Ticket.init)
        announced = try Row.fetchAll(
            database,
            sql: """
                SELECT a.ticket AS ticket, a.counter_label AS counter_label, max(a.id) AS sequence, min(a.id) AS first
                FROM announcement a JOIN ticket t ON t.id = a.ticket
                WHERE t.hall = ? AND t.business_date = ?
                GROUP BY a.ticket ORDER BY sequence DESC
                """,
            arguments: [configuration.hall, date.description]
        ).compactMap { row in
            guard let ticket = UUID(uuidString: row["ticket"]) else { return nil }
            return Announced(
                ticket: ticket, counterLabel: row["counter_label"], first: row["first"], sequence: row["sequence"])
        }
    }

    var waiting: [Ticket] { tickets.filter { $0.state == .waiting } }

    func current(at counter: Int) -> Ticket? { tickets.first { $0.state == .called && $0.counter == counter } }

    /// Who waits, as the discipline sees it.
    var disciplined: [QueueDiscipline.Waiting] { disciplined(waiting) }

    /// How many priority tickets were called in a row up to now.
    var priorityRun: Int {
        let byID = Dictionary(uniqueKeysWithValues: tickets.map { ($0.id, $0) })
        return announced.sorted { $0.first > $1.first }.compactMap { byID[$0.ticket] }.prefix { isPriority($0) }.count
    }

    func isPriority(_ ticket: Ticket) -> Bool { configuration.queueClass(ticket.queueClass)?.isPriority ?? false }

    /// In the order in which they would be called to this counter now.
    func order(at now: Date, reservedFor: String? = nil) -> [Ticket] {
        let byID = Dictionary(uniqueKeysWithValues: waiting.map { ($0.id, $0) })
        return configuration.discipline.order(
            disciplined, at: now, priorityRun: priorityRun, reservedFor: reservedFor
        ).compactMap { byID[$0.id] }
    }

    func display(at now: Date) -> HallDisplay {
        let byID = Dictionary(uniqueKeysWithValues: tickets.map { ($0.id, $0) })
        let calls = announced.prefix(Self.callsOnDisplay).compactMap { announced -> HallDisplay.Call? in
            guard let ticket = byID[announced.ticket] else { return nil }
            return HallDisplay.Call(
                number: ticket.label, counter: announced.counterLabel, calledAt: ticket.calledAt ?? ticket.issuedAt,
                isPriority: isPriority(ticket), sequence: announced.sequence)
        }
        return HallDisplay(
            title: configuration.title, calls: calls, waiting: waiting.count,
            announcement: announced.first?.sequence ?? 0)
    }

    func view(
        _ counter: HallConfiguration.Counter, at now: Date, startedAt: Date, printer: PrinterCondition? = nil
    ) -> CounterView {
        CounterView(
            counter: counter.number, label: counter.label, current: current(at: counter.number).map(entry),
            waiting: order(at: now, reservedFor: counter.reservedFor).map(entry),
            notices: notices(at: now, startedAt: startedAt, printer: printer))
    }

    /// Reserved tickets that nobody at the screen settles any more: left there, of an earlier run, or older than the
    /// grace.
    func unproved(at now: Date, startedAt: Date) -> [Ticket] {
        tickets.filter { ticket in
            ticket.state == .reserved
                && (ticket.leftAt != nil || ticket.issuedAt < startedAt
                    || now.timeIntervalSince(ticket.issuedAt) > configuration.proofGraceSeconds)
        }
    }

    func estimate(_ ticket: Ticket, at now: Date) -> WaitEstimate {
        var line = waiting
        if !line.contains(where: { $0.id == ticket.id }) { line.append(ticket) }
        let order = configuration.discipline.order(disciplined(line), at: now, priorityRun: priorityRun)
        let ahead = order.firstIndex { $0.id == ticket.id } ?? waiting.count
        let served = tickets.compactMap { ticket -> Duration? in
            guard ticket.state == .finished, let from = ticket.calledAt, let to = ticket.endedAt, to > from else {
                return nil
            }
            return .seconds(to.timeIntervalSince(from))
        }
        let open = Set(
            tickets.filter { ticket in
                ticket.calledAt.map { now.timeIntervalSince($0) < WaitEstimate.openCounterSeconds } ?? false
            }.compactMap(\.counter))
        return WaitEstimate(ahead: ahead, served: served, openCounters: open.count)
    }

    private func disciplined(_ tickets: [Ticket]) -> [QueueDiscipline.Waiting] {
        tickets.enumerated().map { index, ticket in
            QueueDiscipline.Waiting(id: ticket.id, queueClass: ticket.queueClass, since: ticket.issuedAt, order: index)
        }
    }

    private func entry(_ ticket: Ticket) -> CounterView.Entry {
        CounterView.Entry(
            ticket: ticket.id, number: ticket.label, isPriority: isPriority(ticket),
            className: configuration.queueClass(ticket.queueClass)?.name ?? ticket.queueClass,
            procedure: ticket.procedureTitle ?? ticket.procedure, issuedAt: ticket.issuedAt, calledAt: ticket.calledAt,
            dossier: ticket.dossier)
    }
}
