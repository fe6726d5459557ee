import Foundation
import GRDB
import Peripherals
import Store

/// One day of the hall as it stands in the database: everything the display and the counters show.
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
    let line: WaitingLine
    let roll: PaperRoll

    init(_ date: BusinessDate, configuration: HallConfiguration, in database: Database) throws {
        self.configuration = configuration
        roll = try PaperRoll.read(in: database)
        line = try WaitingLine(date, configuration: configuration, in: database)
        tickets = try Row.fetchAll(
            database,
            compiled: "SELECT * FROM ticket WHERE hall = ? AND business_date = ? ORDER BY issued_at_ms, rowid",
            arguments: [configuration.hall, date.description]
        ).map(Ticket.init)
        announced = try Row.fetchAll(
            database,
            compiled: """
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

    func isPriority(_ ticket: Ticket) -> Bool { configuration.queueClass(ticket.queueClass)?.isPriority ?? false }

    /// In the order in which they would be called to this counter now.
    func order(at now: Date, reservedFor: String? = nil) -> [Ticket] {
        let byID = Dictionary(uniqueKeysWithValues: waiting.map { ($0.id, $0) })
        return line.order(at: now, reservedFor: reservedFor).compactMap { byID[$0] }
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

    private func entry(_ ticket: Ticket) -> CounterView.Entry {
        CounterView.Entry(
            ticket: ticket.id, number: ticket.label, isPriority: isPriority(ticket),
            className: configuration.queueClass(ticket.queueClass)?.name ?? ticket.queueClass,
            procedure: ticket.procedureTitle ?? ticket.procedure, issuedAt: ticket.issuedAt, calledAt: ticket.calledAt,
            dossier: ticket.dossier)
    }
}
