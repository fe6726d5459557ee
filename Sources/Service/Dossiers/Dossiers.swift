import CentralProtocol
import Crypto
import Foundation
import GRDB
import HostSystem
import Logging
import Store

/// The dossiers that this kiosk holds until the centre has them. On the disk lie sealed files that nobody here can
/// open; in the database their hashes, and the receipts.
public final class Dossiers: Sendable {
    public static let schema = StoreModule(name: "Dossiers", migrations: [.dossiers])
    /// The outbox's kind for dossiers.
    public static let outboxKind = "dossier"

    let folder: URL
    let store: Store
    private let sealing: DossierSealing
    private let files = FileQueue(label: "dossiers")
    private static let logger = Logger(label: "dossiers")

    /// - Parameter folder: for the sealed files; made when missing.
    /// - Throws: ``DossierError``, when the folder can't be made or a key isn't one.
    public init(folder: URL, store: Store, keys: CentreKeys) throws {
        do {
            try keys.validate()
            try DurableFile.makeFolder(folder)
        } catch {
            throw DossierError(error)
        }
        self.folder = folder
        self.store = store
        sealing = DossierSealing(keys: keys)
    }

    /// Seals a draft to the centre's key. When this returns, the sealed file is durable; when it throws, nothing of it is
    /// kept. The visit's own files stay until ``record(_:ticket:in:)`` is committed. A dossier that is recorded already
    /// stays as it was recorded.
    /// - Throws: ``DossierError``.
    public func seal(_ draft: DossierDraft) async throws -> SealedDossier {
        if let recorded = try await record(draft.id) { return SealedDossier(recorded, draft) }
        return try await sealAnew(draft)
    }

    private func sealAnew(_ draft: DossierDraft) async throws -> SealedDossier {
        do {
            return try await files.run { [sealing, folder] in try sealing.seal(draft, in: folder) }
        } catch {
            throw DossierError(error)
        }
    }

    /// Records the dossier, its place in the outbox and the event, in the caller's transaction. After the commit the
    /// visit's plain files are removed, and sending begins. Recording the same dossier again changes nothing.
    /// - Parameter held: it is not sent before ``complete(_:)`` or ``release(_:)``.
    public func record(
        _ sealed: SealedDossier, ticket: UUID?, held: Bool = false, in transaction: Store.Transaction
    ) throws {
        var left = sealed.plaintext
        if let recorded = try Self.record(sealed.id, in: transaction.database) {
            if recorded.commit != sealed.commit { left.append(place(sealed.commit)) }
        } else {
            try insert(sealed, ticket: ticket, held: held, in: transaction)
        }
        transaction.afterCommit { [files, left] in
            Task { try await files.run { left.forEach(Self.remove) } }
        }
    }

    private func insert(
        _ sealed: SealedDossier, ticket: UUID?, held: Bool, in transaction: Store.Transaction
    ) throws {
        try transaction.database.execute(
            compiled: """
                INSERT INTO dossier (id, provisional_code, procedure, agency, ticket, created_at_ms, manifest_sha256,
                    sealed_sha256, sealed_bytes)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                sealed.id.uuidString, sealed.provisionalCode, sealed.procedure, sealed.agency, ticket?.uuidString,
                sealed.createdAt.milliseconds, sealed.commit.manifestSHA256, sealed.commit.sealedSHA256,
                sealed.commit.sealedBytes,
            ])
        try transaction.enqueue(sealed.id, kind: Self.outboxKind, held: held)
        var facts: [String: EventFact] = [
            "procedure": .code(sealed.procedure), "files": .count(sealed.fileCount),
            "bytes": .count(sealed.commit.sealedBytes),
        ]
        if let ticket { facts["ticket"] = .id(ticket) }
        try transaction.append(.dossierRecorded, subject: sealed.id, facts)
    }

    /// Puts a completed draft in the place of a held dossier, and lets it go. One that is not held stays as it is: it may
    /// be on its way already.
    /// - Returns: whether it was completed.
    @discardableResult
    public func complete(_ draft: DossierDraft) async throws -> Bool {
        let sealed = try await sealAnew(draft)
        do {
            let replaced = try await store.write { transaction -> DossierCommit? in
                guard let recorded = try Self.record(sealed.id, in: transaction.database),
                    try transaction.release(sealed.id)
                else { return nil }
                try transaction.database.execute(
                    compiled: """
                        UPDATE dossier SET manifest_sha256 = ?, sealed_sha256 = ?, sealed_bytes = ? WHERE id = ?
                        """,
                    arguments: [
                        sealed.commit.manifestSHA256, sealed.commit.sealedSHA256, sealed.commit.sealedBytes,
                        sealed.id.uuidString,
                    ])
                try transaction.append(
                    .dossierCompleted, subject: sealed.id, ["bytes": .count(sealed.commit.sealedBytes)])
                return recorded.commit
            }
            // The file that is no longer the dossier's: the old one, or the new one that came too late.
            try await files.run { [place = place(replaced ?? sealed.commit)] in Self.remove(place) }
            return replaced != nil
        } catch {
            try await files.run { [place = place(sealed.commit)] in Self.remove(place) }
            throw error
        }
    }

    /// Lets a held dossier go as it is.
    public func release(_ id: UUID) async throws {
        try await store.write { _ = try $0.release(id) }
    }

    /// The dossiers that are held.
    public func held() async throws -> [UUID] {
        try await store.outbox(states: [.pending]).filter { $0.isHeld && $0.kind == Self.outboxKind }.map(\.id)
    }

    /// Removes a sealed file whose visit was given up before it was recorded. What is recorded stays.
    public func discard(_ sealed: SealedDossier) async throws {
        guard try await record(sealed.id)?.commit != sealed.commit else { return }
        try await files.run { [place = place(sealed.commit)] in Self.remove(place) }
    }

    /// At start: deletes what a crash left behind — unfinished files, sealed files that were never recorded, sealed files
    /// whose receipt is there. - Returns: how many files.
    @discardableResult
    public func recover() async throws -> Int {
        let needed = try await store.read { database in
            Set(
                try Row.fetchAll(database, compiled: "SELECT * FROM dossier WHERE receipt IS NULL")
                    .map { try DossierRecord($0).commit.fileName })
        }
        return try await files.run { [folder] in
            let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            let left = names.filter { name in
                DurableFile.isUnfinished(name)
                    || (name.hasSuffix(DossierCommit.fileSuffix) && !needed.contains(name))
            }
            left.forEach { Self.remove(folder.appending(path: $0)) }
            return left.count
        }
    }

    /// A dossier's row; nil when this kiosk has none of this id.
    public func record(_ id: UUID) async throws -> DossierRecord? {
        try await store.read { try Self.record(id, in: $0) }
    }

    /// By its provisional code, or the one the centre gave it.
    public func find(code: String) async throws -> DossierRecord? {
        try await store.read { database in
            try Row.fetchOne(
                database, compiled: "SELECT * FROM dossier WHERE provisional_code = ? OR code = ? LIMIT 1",
                arguments: [code, code]
            ).map(DossierRecord.init)
        }
    }

    /// The newest dossiers.
    public func list(limit: Int = 200) async throws -> [DossierRecord] {
        try await store.read { database in
            try Row.fetchAll(
                database, compiled: "SELECT * FROM dossier ORDER BY created_at_ms DESC, id LIMIT ?", arguments: [limit]
            ).map(DossierRecord.init)
        }
    }

    /// Sealed bytes from `offset`, at most `count`.
    /// - Throws: ``DossierError/sealedFileDamaged(_:)`` when the file is gone or has another size than was recorded.
    public func sealedBytes(of record: DossierRecord, at offset: Int, count: Int) async throws -> Data {
        try await files.run { [place = place(record.commit)] in
            do {
                let reader = try FileReader(place)
                guard reader.byteCount == record.commit.sealedBytes else {
                    throw DossierError.sealedFileDamaged(record.id)
                }
                return try reader.read(at: offset, count: count)
            } catch let fault as FileFault where fault.code == ENOENT {
                throw DossierError.sealedFileDamaged(record.id)
            } catch {
                throw DossierError(error)
            }
        }
    }

    /// Whether the sealed file is still what was recorded.
    public func isIntact(_ record: DossierRecord) async throws -> Bool {
        try await files.run { [place = place(record.commit)] in
            var hash = SHA256()
            do { try FileReader(place).forEach { hash.update(data: $0) } } catch let fault
                as FileFault
                where fault.code == ENOENT
            {
                return false
            }
            return Hex.encode(hash.finalize()) == record.commit.sealedSHA256
        }
    }

    /// Keeps a receipt that was verified, takes the dossier out of the outbox, and deletes the sealed file after the
    /// commit.
    public func acknowledge(_ receipt: SignedReceipt) async throws {
        let id = receipt.receipt.dossier
        let json = String(decoding: try JSONEncoder().encode(receipt), as: UTF8.self)
        let commit = try await store.write { transaction in
            guard let record = try Self.record(id, in: transaction.database) else { throw DossierError.unknown(id) }
            if record.receipt == nil {
                try transaction.database.execute(
                    compiled: "UPDATE dossier SET receipt = ?, code = ? WHERE id = ?",
                    arguments: [json, receipt.receipt.code, id.uuidString])
                let took = max(0, transaction.now.timeIntervalSince(record.createdAt))
                try transaction.append(.dossierReceived, subject: id, ["after": .duration(.seconds(took))])
            }
            try transaction.markSent(id)
            return record.commit
        }
        try await files.run { [folder, place = place(commit)] in
            Self.remove(place)
            try DurableFile.syncFolder(folder)
        }
    }

    private func place(_ commit: DossierCommit) -> URL { folder.appending(path: commit.fileName) }

    static func record(_ id: UUID, in database: Database) throws -> DossierRecord? {
        try Row.fetchOne(database, compiled: "SELECT * FROM dossier WHERE id = ?", arguments: [id.uuidString])
            .map(DossierRecord.init)
    }

    private static func remove(_ file: URL) {
        guard unlink(file.path) != 0, errno != ENOENT else { return }
        logger.error("a file can't be removed", metadata: ["file": "\(file.path)", "errno": "\(errno)"])
    }
}

extension EventName {
    public static let dossierRecorded = EventName("dossier.recorded")
    public static let dossierCompleted = EventName("dossier.completed")
    public static let dossierReceived = EventName("dossier.received")
}
