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

    /// What is known of each ticket's papers. Tickets of before this migration have ended, one way or the other.
    static let papers = StoreModule.Migration(
        "002 papers",
        sql: """
            ALTER TABLE ticket ADD COLUMN language TEXT NOT NULL DEFAULT 'vi';
            ALTER TABLE ticket ADD COLUMN paper_copy INTEGER NOT NULL DEFAULT 1 CHECK (paper_copy > 0);
            ALTER TABLE ticket ADD COLUMN paper_state TEXT NOT NULL DEFAULT 'reserved' CHECK (paper_state IN
                ('reserved', 'sending', 'awaiting-proof', 'printed', 'transmitted', 'refused', 'failed'));
            ALTER TABLE ticket ADD COLUMN paper_condition TEXT;
            ALTER TABLE ticket ADD COLUMN paper_possible INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE ticket ADD COLUMN paper_offered INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE ticket ADD COLUMN paper_proved INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE ticket ADD COLUMN left_at_ms INTEGER;
            ALTER TABLE ticket ADD COLUMN stray_paper_at_ms INTEGER;
            UPDATE ticket SET paper_possible = 1,
                paper_state = CASE proof WHEN 'printed' THEN 'printed' WHEN 'transmitted' THEN 'transmitted' ELSE 'failed' END,
                paper_condition = CASE WHEN proof IN ('printed', 'transmitted') THEN NULL ELSE 'unknown' END,
                paper_proved = CASE proof WHEN 'printed' THEN 1 ELSE 0 END;
            """)
}
