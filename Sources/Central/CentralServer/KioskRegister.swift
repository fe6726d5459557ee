import CentralProtocol
import Crypto
import Foundation
import GRDB

/// The kiosks that may send, each with the hash of its secret.
struct KioskRegister: Sendable {
    let database: CentreDatabase

    /// Enrols a kiosk, or gives it a new secret. Blocks.
    func enroll(_ kiosk: String, keys: CentreKeys, at now: Date) throws -> Enrolment {
        guard Limits.isCode(kiosk) else { throw CentreError.badKioskID(kiosk) }
        let token = SymmetricKey(size: .bits256).withUnsafeBytes { Hex.encode($0) }
        try database.pool.write { database in
            try database.execute(
                sql: """
                    INSERT INTO kiosk (id, token_sha256, enrolled_at_ms) VALUES (?, ?, ?)
                    ON CONFLICT (id) DO UPDATE SET
                        token_sha256 = excluded.token_sha256, enrolled_at_ms = excluded.enrolled_at_ms
                    """,
                arguments: [kiosk, Hex.sha256(Data(token.utf8)), now.milliseconds])
        }
        return Enrolment(kiosk: kiosk, token: token, keys: keys)
    }

    /// Whether this enrolment still counts. Blocks.
    func accepts(_ enrolment: Enrolment) throws -> Bool {
        try database.pool.read { database in
            try Self.tokenHash(enrolment.kiosk, in: database) == Hex.sha256(Data(enrolment.token.utf8))
        }
    }

    /// The comparison is of hashes, so its timing tells nothing about a secret.
    func accepts(kiosk: String, token: String) async throws -> Bool {
        guard Limits.isCode(kiosk), token.utf8.count <= 256 else { return false }
        return try await database.pool.read { database in
            try Self.tokenHash(kiosk, in: database) == Hex.sha256(Data(token.utf8))
        }
    }

    private static func tokenHash(_ kiosk: String, in database: Database) throws -> String? {
        try String.fetchOne(database, sql: "SELECT token_sha256 FROM kiosk WHERE id = ?", arguments: [kiosk])
    }
}
