import Foundation
import GRDB
import Store

/// Who waits, and all that decides who is called next: of a whole day only this is read while an applicant waits for
/// the number.
struct WaitingLine: Sendable {
    private let configuration: HallConfiguration
    private let waiting: [QueueDiscipline.Waiting]
    /// How many priority tickets were called in a row up to now.
    private let priorityRun: Int

    init(_ date: BusinessDate, configuration: HallConfiguration, in database: Database) throws {
        self.configuration = configuration
        let day: StatementArguments = [configuration.hall, date.description]
        var waiting: [QueueDiscipline.Waiting] = []
        let tickets = try Row.fetchCursor(
            database,
            compiled: """
                SELECT id, class, issued_at_ms FROM ticket
                WHERE hall = ? AND business_date = ? AND state = 'waiting' ORDER BY issued_at_ms, rowid
                """, arguments: day)
        while let row = try tickets.next() {
            guard let id = UUID(uuidString: row[0]) else { throw QueueError.damagedRow }
            waiting.append(
                QueueDiscipline.Waiting(
                    id: id, queueClass: row[1], since: Date(milliseconds: row[2]), order: waiting.count))
        }
        self.waiting = waiting
        let called = try String.fetchCursor(
            database,
            compiled: """
                SELECT class FROM ticket
                WHERE hall = ? AND business_date = ? AND called_at_ms IS NOT NULL
                ORDER BY (SELECT min(id) FROM announcement WHERE ticket = ticket.id) DESC
                """, arguments: day)
        var run = 0
        while let queueClass = try called.next(), configuration.queueClass(queueClass)?.isPriority ?? false { run += 1 }
        priorityRun = run
    }

    /// In the order in which they would be called to this counter now.
    func order(at now: Date, reservedFor: String? = nil) -> [UUID] {
        configuration.discipline.order(waiting, at: now, priorityRun: priorityRun, reservedFor: reservedFor).map(\.id)
    }

    /// Whom a free counter calls now; nil when nobody waits.
    func next(at now: Date, reservedFor: String?) -> UUID? {
        configuration.discipline.next(among: waiting, at: now, priorityRun: priorityRun, reservedFor: reservedFor)?.id
    }

    /// How many would be called before this ticket, which may not be waiting yet.
    func ahead(of ticket: Ticket, at now: Date) -> Int {
        var line = waiting
        if !line.contains(where: { $0.id == ticket.id }) {
            line.append(
                QueueDiscipline.Waiting(
                    id: ticket.id, queueClass: ticket.queueClass, since: ticket.issuedAt, order: line.count))
        }
        let order = configuration.discipline.order(line, at: now, priorityRun: priorityRun)
        return order.firstIndex { $0.id == ticket.id } ?? waiting.count
    }
}
