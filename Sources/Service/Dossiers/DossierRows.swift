import CentralProtocol
import Foundation
import GRDB
import Store

extension SealedDossier {
    /// A dossier that was sealed and recorded before.
    init(_ recorded: DossierRecord, _ draft: DossierDraft) {
        id = recorded.id
        provisionalCode = recorded.provisionalCode
        procedure = recorded.procedure
        agency = recorded.agency
        fileCount = draft.files.count
        createdAt = recorded.createdAt
        commit = recorded.commit
        plaintext = draft.plaintext
    }
}

extension DossierRecord {
    init(_ row: Row) throws {
        guard let id = UUID(uuidString: row["id"]) else { throw DossierError.damagedRow }
        self.id = id
        provisionalCode = row["provisional_code"]
        code = row["code"]
        procedure = row["procedure"]
        agency = row["agency"]
        ticket = (row["ticket"] as String?).flatMap(UUID.init(uuidString:))
        createdAt = Date(milliseconds: row["created_at_ms"])
        commit = DossierCommit(
            dossier: id, manifestSHA256: row["manifest_sha256"], sealedSHA256: row["sealed_sha256"],
            sealedBytes: row["sealed_bytes"])
        receipt = try (row["receipt"] as String?).map { text in
            do { return try JSONDecoder().decode(SignedReceipt.self, from: Data(text.utf8)) } catch {
                throw DossierError.damagedRow
            }
        }
    }
}

extension StoreModule.Migration {
    static let dossiers = StoreModule.Migration(
        "001 dossiers",
        sql: """
            CREATE TABLE dossier (
                id TEXT PRIMARY KEY,
                provisional_code TEXT NOT NULL UNIQUE,
                code TEXT,
                procedure TEXT NOT NULL,
                agency TEXT NOT NULL,
                ticket TEXT,
                created_at_ms INTEGER NOT NULL,
                manifest_sha256 TEXT NOT NULL,
                sealed_sha256 TEXT NOT NULL,
                sealed_bytes INTEGER NOT NULL,
                receipt TEXT
            ) STRICT;
            CREATE INDEX dossier_by_time ON dossier (created_at_ms);
            CREATE INDEX dossier_by_code ON dossier (code);
            """)
}
