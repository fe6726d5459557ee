import Store

extension StoreModule.Migration {
    static let tickets = StoreModule.Migration(
        "001 tickets and announcements",
        sql: """
            CREATE TABLE ticket (
                id TEXT PRIMARY KEY,
                key TEXT NOT NULL,
                hall TEXT NOT NULL,
                business_date TEXT NOT NULL,
                series TEXT NOT NULL,
                number INTEGER NOT NULL CHECK (number > 0),
                class TEXT NOT NULL,
                procedure TEXT,
                procedure_title TEXT,
                dossier TEXT,
                state TEXT NOT NULL CHECK (state IN ('reserved', 'waiting', 'called', 'finished', 'noShow', 'void')),
                proof TEXT CHECK (proof IN ('printed', 'transmitted', 'shownOnScreen')),
                issued_at_ms INTEGER NOT NULL,
                estimate_low_ms INTEGER,
                estimate_high_ms INTEGER,
                counter INTEGER,
                called_at_ms INTEGER,
                ended_at_ms INTEGER,
                void_reason TEXT,
                UNIQUE (hall, business_date, series, number),
                UNIQUE (hall, key),
                CHECK (proof IS NOT NULL OR state IN ('reserved', 'void'))
            ) STRICT;
            CREATE INDEX ticket_by_day ON ticket (hall, business_date, state);
            CREATE TABLE ticket_series (
                hall TEXT NOT NULL,
                business_date TEXT NOT NULL,
                series TEXT NOT NULL,
                last INTEGER NOT NULL,
                PRIMARY KEY (hall, business_date, series)
            ) STRICT, WITHOUT ROWID;
            CREATE TABLE announcement (
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                ticket TEXT NOT NULL REFERENCES ticket (id),
                counter INTEGER NOT NULL,
                counter_label TEXT NOT NULL,
                at_ms INTEGER NOT NULL
            ) STRICT;
            CREATE INDEX announcement_by_ticket ON announcement (ticket);
            """)
}
