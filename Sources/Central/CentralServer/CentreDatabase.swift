import Foundation
import GRDB

/// The centre's tables: kiosks, uploads that are under way, and dossiers with their receipts. Every commit is on the
/// disk before it is answered (`synchronous=FULL`).
struct CentreDatabase: Sendable {
    let pool: DatabasePool

    /// Blocks.
    init(file: URL) throws {
        var configuration = Configuration()
        configuration.label = "centre"
        configuration.foreignKeysEnabled = true
        configuration.busyMode = .timeout(5)
        pool = try DatabasePool(path: file.path, configuration: configuration)
        // GRDB sets synchronous=NORMAL on the writer after opening; only FULL survives a power cut in WAL mode.
        try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
        var migrator = DatabaseMigrator()
        migrator.registerMigration("001 kiosks, uploads, dossiers") { try $0.execute(sql: Self.tables) }
        try migrator.migrate(pool)
    }

    private static let tables = """
        CREATE TABLE kiosk (
            id TEXT PRIMARY KEY,
            token_sha256 TEXT NOT NULL,
            enrolled_at_ms INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE upload (
            id TEXT PRIMARY KEY,
            kiosk TEXT NOT NULL REFERENCES kiosk (id),
            dossier TEXT NOT NULL UNIQUE,
            sealed_sha256 TEXT NOT NULL,
            length INTEGER NOT NULL,
            created_at_ms INTEGER NOT NULL,
            taken INTEGER NOT NULL DEFAULT 0
        ) STRICT;
        CREATE INDEX upload_by_kiosk ON upload (kiosk, taken);
        CREATE TABLE code_series (
            agency TEXT NOT NULL,
            date TEXT NOT NULL,
            last INTEGER NOT NULL,
            PRIMARY KEY (agency, date)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE dossier (
            id TEXT PRIMARY KEY,
            code TEXT NOT NULL UNIQUE,
            provisional_code TEXT NOT NULL,
            kiosk TEXT NOT NULL REFERENCES kiosk (id),
            procedure TEXT NOT NULL,
            agency TEXT NOT NULL,
            created_at_ms INTEGER NOT NULL,
            received_at_ms INTEGER NOT NULL,
            manifest TEXT NOT NULL,
            manifest_sha256 TEXT NOT NULL,
            sealed_sha256 TEXT NOT NULL,
            receipt TEXT NOT NULL
        ) STRICT;
        CREATE INDEX dossier_by_time ON dossier (received_at_ms);
        """
}

extension Date {
    var milliseconds: Int64 { Int64((timeIntervalSince1970 * 1000).rounded()) }
    init(milliseconds: Int64) { self.init(timeIntervalSince1970: Double(milliseconds) / 1000) }
}
