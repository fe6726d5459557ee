/// The tables of one module. Migrations run once each, in their order; a migration that was released never changes.
public struct StoreModule: Sendable {
    public struct Migration: Sendable {
        /// For example `001 tickets`.
        public let name: String
        /// One or more SQL statements.
        public let sql: String

        public init(_ name: String, sql: String) {
            self.name = name
            self.sql = sql
        }
    }

    public let name: String
    public let migrations: [Migration]

    public init(name: String, migrations: [Migration]) {
        self.name = name
        self.migrations = migrations
    }
}

extension Store {
    /// Event log, outbox and key-value state. Times are milliseconds since 1970 (UTC).
    static let schema = StoreModule(
        name: "Store",
        migrations: [
            .init(
                "001 event log, outbox, state",
                sql: """
                    CREATE TABLE event (
                        id INTEGER PRIMARY KEY AUTOINCREMENT,
                        at_ms INTEGER NOT NULL,
                        name TEXT NOT NULL,
                        subject TEXT,
                        facts TEXT NOT NULL CHECK (json_valid(facts))
                    ) STRICT;
                    CREATE INDEX event_by_name ON event (name, at_ms);
                    CREATE TRIGGER event_is_not_changed BEFORE UPDATE ON event
                        BEGIN SELECT RAISE(ABORT, 'the event log is append-only'); END;
                    CREATE TRIGGER event_is_not_deleted BEFORE DELETE ON event
                        BEGIN SELECT RAISE(ABORT, 'the event log is append-only'); END;

                    CREATE TABLE outbox (
                        id TEXT PRIMARY KEY,
                        kind TEXT NOT NULL,
                        created_at_ms INTEGER NOT NULL,
                        state TEXT NOT NULL CHECK (state IN ('pending', 'parked', 'sent')),
                        attempts INTEGER NOT NULL DEFAULT 0,
                        next_attempt_at_ms INTEGER NOT NULL,
                        reason TEXT
                    ) STRICT;
                    CREATE INDEX outbox_by_state ON outbox (state, next_attempt_at_ms);

                    CREATE TABLE state (
                        key TEXT PRIMARY KEY,
                        value TEXT NOT NULL
                    ) STRICT, WITHOUT ROWID;
                    """),
            .init(
                "002 held outbox",
                sql: "ALTER TABLE outbox ADD COLUMN held INTEGER NOT NULL DEFAULT 0 CHECK (held IN (0, 1))"),
        ])
}
