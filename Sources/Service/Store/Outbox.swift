import Foundation
import GRDB

/// A row of the outbox: something the centre has to get.
public struct OutboxRecord: Sendable, Equatable, Codable {
    public enum State: String, Sendable, Codable {
        case pending
        /// The centre refused it for good; `reason` says why. It blocks nobody, and a technician decides.
        case parked
        case sent
    }

    public let id: UUID
    public let kind: String
    public let createdAt: Date
    public let state: State
    /// Attempts that failed.
    public let attempts: Int
    public let nextAttemptAt: Date
    /// Its content is still being completed: nobody sends it yet.
    public let isHeld: Bool
    /// Why the last attempt failed, or why it is parked; never personal data.
    public let reason: String?

    init(_ row: Row) throws {
        let id: String = row["id"]
        let state: String = row["state"]
        guard let id = UUID(uuidString: id), let state = State(rawValue: state) else { throw StoreError.Kind.corrupt }
        self.id = id
        self.state = state
        kind = row["kind"]
        createdAt = Date(milliseconds: row["created_at_ms"])
        attempts = row["attempts"]
        nextAttemptAt = Date(milliseconds: row["next_attempt_at_ms"])
        isHeld = row["held"]
        reason = row["reason"]
    }
}

extension Store {
    /// What waits, is parked or (with `sent`) was sent; oldest first, at most `limit`.
    public func outbox(states: Set<OutboxRecord.State> = [.pending, .parked], limit: Int = 1000) async throws
        -> [OutboxRecord]
    {
        let names = states.map(\.rawValue)
        return try await read { database in
            let marks = databaseQuestionMarks(count: names.count)
            return try Row.fetchAll(
                database,
                sql: "SELECT * FROM outbox WHERE state IN (\(marks)) ORDER BY created_at_ms, id LIMIT ?",
                arguments: StatementArguments(names) + [limit]
            ).map(OutboxRecord.init)
        }
    }

    /// How many records of a state there are.
    public func outboxCount(_ state: OutboxRecord.State) async throws -> Int {
        try await read { database in
            try Int.fetchOne(
                database, compiled: "SELECT count(*) FROM outbox WHERE state = ?", arguments: [state.rawValue]) ?? 0
        }
    }
}

extension Store.Transaction {
    /// The next attempt comes at `date`.
    public func postpone(_ id: UUID, until date: Date, reason: String) throws {
        try database.execute(
            compiled: """
                UPDATE outbox SET attempts = attempts + 1, next_attempt_at_ms = ?, reason = ?
                WHERE id = ? AND state = 'pending'
                """,
            arguments: [date.milliseconds, reason, id.uuidString])
    }

    /// Takes a record out of the line, with the reason a technician will read.
    public func park(_ id: UUID, reason: String) throws {
        try database.execute(
            compiled: """
                UPDATE outbox SET state = 'parked', attempts = attempts + 1, reason = ?
                WHERE id = ? AND state = 'pending'
                """,
            arguments: [reason, id.uuidString])
    }

    /// Lets a held record go. - Returns: whether it was held.
    @discardableResult
    public func release(_ id: UUID) throws -> Bool {
        try database.execute(
            compiled: "UPDATE outbox SET held = 0 WHERE id = ? AND held = 1", arguments: [id.uuidString])
        guard database.changesCount > 0 else { return false }
        afterCommit { [store] in store.signalOutbox() }
        return true
    }

    /// Puts a parked record back into the line, or a waiting one to its head.
    public func requeue(_ id: UUID) throws {
        try database.execute(
            compiled: "UPDATE outbox SET state = 'pending', next_attempt_at_ms = ? WHERE id = ? AND state != 'sent'",
            arguments: [now.milliseconds, id.uuidString])
    }

    public func markSent(_ id: UUID) throws {
        try database.execute(
            compiled: "UPDATE outbox SET state = 'sent', reason = NULL WHERE id = ?", arguments: [id.uuidString])
    }
}
