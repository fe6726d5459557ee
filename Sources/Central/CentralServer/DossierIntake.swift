import CentralProtocol
import Crypto
import Foundation
import GRDB
import HostSystem

/// Takes a dossier whose bytes are all here: checks the hashes, opens it, puts its files in their place, gives it a
/// code, and signs the receipt. Done twice, it answers the same receipt.
struct DossierIntake: Sendable {
    let keyring: CentreKeyring
    let database: CentreDatabase
    let uploads: UploadStore
    let archive: DossierArchive
    private let files = FileQueue(label: "intake")

    init(keyring: CentreKeyring, database: CentreDatabase, uploads: UploadStore, archive: DossierArchive) {
        self.keyring = keyring
        self.database = database
        self.uploads = uploads
        self.archive = archive
    }

    /// - Throws: ``CentreProblem``.
    func take(_ commit: DossierCommit, kiosk: String, now: Date) async throws -> SignedReceipt {
        // One after another, from the first look to the receipt: a second commit of the same dossier then finds either
        // all of it or nothing.
        try await files.run { try takeNow(commit, kiosk, now) }
    }

    private func takeNow(_ commit: DossierCommit, _ kiosk: String, _ now: Date) throws -> SignedReceipt {
        if let receipt = try database.pool.read({ try Self.known(commit, kiosk, in: $0) }) { return receipt }
        let upload = try uploads.find(dossier: commit.dossier, kiosk: kiosk)
        guard upload.sealedSHA256 == commit.sealedSHA256, upload.length == commit.sealedBytes else {
            throw CentreProblem(.differentBytes, "the commit is not for the bytes that were announced", status: 409)
        }
        guard try uploads.storedBytes(upload) == upload.length else {
            throw CentreProblem(.uploadIncomplete, "not all bytes are here", status: 409)
        }
        let place = uploads.place(upload)
        guard try Self.hash(place) == commit.sealedSHA256 else {
            uploads.removeBytes(upload)
            throw CentreProblem(.uploadDamaged, "the bytes are not what was announced", status: 409)
        }
        let manifest: DossierManifest
        do {
            manifest = try unpack(place, commit, kiosk)
        } catch let error as ProtocolError {
            try uploads.forget(upload)
            throw CentreProblem(.refused, "\(error)", status: 422)
        }
        let receipt = try enter(manifest, commit, kiosk, now)
        uploads.removeBytes(upload)
        return receipt
    }

    /// The receipt given before; a refusal when the dossier is here with other bytes.
    private static func known(_ commit: DossierCommit, _ kiosk: String, in database: Database) throws -> SignedReceipt?
    {
        guard
            let row = try Row.fetchOne(
                database, sql: "SELECT * FROM dossier WHERE id = ?", arguments: [commit.dossier.uuidString])
        else { return nil }
        guard row["kiosk"] == kiosk, row["manifest_sha256"] == commit.manifestSHA256,
            row["sealed_sha256"] == commit.sealedSHA256
        else { throw CentreProblem(.differentBytes, "this dossier is here with other bytes", status: 409) }
        let receipt: String = row["receipt"]
        return try JSONDecoder().decode(SignedReceipt.self, from: Data(receipt.utf8))
    }

    /// Opens the sealed file into the archive.
    private func unpack(_ sealed: URL, _ commit: DossierCommit, _ kiosk: String) throws -> DossierManifest {
        let reader = try FileReader(sealed)
        let header = try reader.read(at: 0, count: DossierOpener.headerBytes)
        var opener = try DossierOpener(header: header, dossier: commit.dossier, key: keyring.sealing)
        var unpacker = DossierUnpacker(commit: commit, kiosk: kiosk)
        var writer = try archive.begin(commit.dossier)
        var offset = header.count
        while offset < reader.byteCount {
            let piece = try reader.read(at: offset, count: 256 * 1024)
            guard !piece.isEmpty else { throw ProtocolError.cannotOpen("cut short") }
            offset += piece.count
            try writer.write(unpacker.feed(opener.open(piece)))
        }
        try writer.write(unpacker.feed(opener.finish()))
        let manifest = try unpacker.finish()
        try writer.commit()
        return manifest
    }

    private func enter(
        _ manifest: DossierManifest, _ commit: DossierCommit, _ kiosk: String, _ now: Date
    ) throws -> SignedReceipt {
        try database.pool.write { database in
            let code = try Self.nextCode(agency: manifest.agency, now, in: database)
            let receipt = try SignedReceipt(
                signing: Receipt(
                    dossier: manifest.id, code: code, manifestSHA256: commit.manifestSHA256,
                    sealedSHA256: commit.sealedSHA256, receivedAtMs: Int(now.milliseconds)),
                with: keyring.receipt)
            try database.execute(
                sql: """
                    INSERT INTO dossier (id, code, provisional_code, kiosk, procedure, agency, created_at_ms, received_at_ms,
                        manifest, manifest_sha256, sealed_sha256, receipt)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    manifest.id.uuidString, code, manifest.provisionalCode, kiosk, manifest.procedure, manifest.agency,
                    manifest.createdAtMs, now.milliseconds, String(decoding: manifest.canonicalBytes, as: UTF8.self),
                    commit.manifestSHA256, commit.sealedSHA256,
                    String(decoding: try JSONEncoder().encode(receipt), as: UTF8.self),
                ])
            try database.execute(
                sql: "UPDATE upload SET taken = 1 WHERE dossier = ?", arguments: [manifest.id.uuidString])
            return receipt
        }
    }

    /// `AGENCY-yyMMdd-NNNN`, the form in use in the province in 2025; the date is Viet Nam's (UTC+7).
    private static func nextCode(agency: String, _ now: Date, in database: Database) throws -> String {
        let date = VietnamTime.compactDate(now)
        let number =
            try Int.fetchOne(
                database,
                sql: """
                    INSERT INTO code_series (agency, date, last) VALUES (?, ?, 1)
                    ON CONFLICT (agency, date) DO UPDATE SET last = last + 1
                    RETURNING last
                    """,
                arguments: [agency, date]) ?? 0
        let digits = "\(number)"
        // A code is at most 64 characters; the agency's own code gives way.
        return "\(agency.prefix(48))-\(date)-\(String(repeating: "0", count: max(0, 4 - digits.count)))\(digits)"
    }

    private static func hash(_ file: URL) throws -> String {
        var hash = SHA256()
        try FileReader(file).forEach { hash.update(data: $0) }
        return Hex.encode(hash.finalize())
    }
}
