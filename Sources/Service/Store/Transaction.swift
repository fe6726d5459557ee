import Foundation
import GRDB

extension Store {
    /// What one transaction may do. It lives only inside ``Store/write(_:)``.
    public struct Transaction {
        /// For the SQL of the module that owns a table.
        public let database: Database
        /// One time for everything this transaction writes.
        public let now: Date
        let store: Store

        init(database: Database, store: Store) {
            self.database = database
            self.store = store
            now = store.now()
        }

        /// Runs `action` when this transaction is durable; never when it fails.
        public func afterCommit(_ action: @escaping @Sendable () -> Void) {
            database.afterNextTransaction { _ in action() }
        }

        /// Appends to the event log.
        /// - Parameter subject: a ticket, a dossier; never a person.
        /// - Throws: ``EventError`` when a fact could hold personal data.
        public func append(_ name: EventName, subject: UUID? = nil, _ facts: [String: EventFact] = [:]) throws {
            try database.execute(
                compiled: "INSERT INTO event (at_ms, name, subject, facts) VALUES (?, ?, ?, ?)",
                arguments: [now.milliseconds, name.rawValue, subject?.uuidString, try EventFact.json(facts)])
        }

        /// Puts something into the outbox. The module that sends it keeps the content under the same id.
        /// - Parameter held: nobody sends it before ``release(_:)``.
        public func enqueue(_ id: UUID, kind: String, held: Bool = false) throws {
            try database.execute(
                compiled: """
                    INSERT INTO outbox (id, kind, created_at_ms, state, next_attempt_at_ms, held)
                    VALUES (?, ?, ?, 'pending', ?, ?)
                    """,
                arguments: [id.uuidString, kind, now.milliseconds, now.milliseconds, held])
            afterCommit { [store] in store.signalOutbox() }
        }

        /// A small value that outlives restarts; nil removes it.
        public func set(_ value: String?, for key: String) throws {
            if let value {
                try database.execute(
                    compiled:
                        "INSERT INTO state (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                    arguments: [key, value])
            } else {
                try database.execute(compiled: "DELETE FROM state WHERE key = ?", arguments: [key])
            }
        }

        public func value(for key: String) throws -> String? {
            try String.fetchOne(database, compiled: "SELECT value FROM state WHERE key = ?", arguments: [key])
        }
    }
}

extension Date {
    /// Milliseconds since 1970 (UTC): how every table here keeps time.
    public var milliseconds: Int64 { Int64((timeIntervalSince1970 * 1000).rounded()) }

    public init(milliseconds: Int64) { self.init(timeIntervalSince1970: Double(milliseconds) / 1000) }
}
