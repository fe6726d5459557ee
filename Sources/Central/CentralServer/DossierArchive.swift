import CentralProtocol
import Foundation
import GRDB
import HostSystem

/// A dossier as the centre holds it.
struct ArchivedDossier: Sendable {
    let id: UUID
    let code: String
    let receivedAt: Date
    let manifest: DossierManifest
    let receipt: SignedReceipt

    init(_ row: Row) throws {
        let manifest: String = row["manifest"]
        let receipt: String = row["receipt"]
        self.manifest = try JSONDecoder().decode(DossierManifest.self, from: Data(manifest.utf8))
        self.receipt = try JSONDecoder().decode(SignedReceipt.self, from: Data(receipt.utf8))
        id = self.manifest.id
        code = row["code"]
        receivedAt = Date(milliseconds: row["received_at_ms"])
    }
}

/// The opened dossiers: a folder each, its files by their names in the manifest.
struct DossierArchive: Sendable {
    let folder: URL
    let database: CentreDatabase
    let files = FileQueue(label: "archive")

    init(folder: URL, database: CentreDatabase) throws {
        try DurableFile.makeFolder(folder)
        self.folder = folder
        self.database = database
    }

    /// Deletes what a crash left half unpacked; it is unpacked again from its upload. Only the one that serves may do this.
    func removeUnfinished() async throws {
        try await files.run { [folder] in
            for name in try FileManager.default.contentsOfDirectory(atPath: folder.path)
            where DurableFile.isUnfinished(name) {
                try FileManager.default.removeItem(at: folder.appending(path: name))
            }
        }
    }

    func begin(_ dossier: UUID) throws -> Writer { try Writer(place: place(dossier)) }

    func find(_ id: UUID) async throws -> ArchivedDossier? {
        try await database.pool.read { database in
            try Row.fetchOne(database, sql: "SELECT * FROM dossier WHERE id = ?", arguments: [id.uuidString])
                .map(ArchivedDossier.init)
        }
    }

    /// The newest first.
    func list(limit: Int = 500) async throws -> [ArchivedDossier] {
        try await database.pool.read { database in
            try Row.fetchAll(
                database, sql: "SELECT * FROM dossier ORDER BY received_at_ms DESC, code DESC LIMIT ?",
                arguments: [limit]
            ).map(ArchivedDossier.init)
        }
    }

    /// - Parameter file: from the manifest, so its name is safe.
    func content(_ file: DossierManifest.File, of dossier: UUID) async throws -> Data {
        try await files.run { [self] in
            let reader = try FileReader(place(dossier).appending(path: file.name))
            return try reader.read(at: 0, count: reader.byteCount)
        }
    }

    private func place(_ dossier: UUID) -> URL { folder.appending(path: dossier.uuidString) }

    /// Writes a dossier's folder beside its place, and moves it there when it is whole and on the disk. Blocks.
    struct Writer: ~Copyable {
        private let place: URL
        private let temporary: URL
        private var file: DurableFile?
        private var isCommitted = false

        init(place: URL) throws {
            self.place = place
            temporary = DurableFile.unfinished(place)
            try DurableFile.makeFolder(temporary)
        }

        mutating func write(_ outputs: [DossierUnpacker.Output]) throws {
            for output in outputs {
                switch output {
                case .manifest(let manifest):
                    try DurableFile.write(manifest.canonicalBytes, to: temporary.appending(path: ".manifest.json"))
                case .begin(let described): file = try DurableFile(temporary.appending(path: described.name))
                case .content(let bytes): try file?.write(bytes)
                case .end:
                    try file?.commit()
                    file = nil
                }
            }
        }

        mutating func commit() throws {
            let manager = FileManager.default
            // Left by a crash before its row was written: nobody was told of it.
            if manager.fileExists(atPath: place.path) { try manager.removeItem(at: place) }
            guard rename(temporary.path, place.path) == 0 else { throw FileFault(errno, "rename", place) }
            isCommitted = true
            try DurableFile.syncFolder(place.deletingLastPathComponent())
        }

        deinit {
            guard !isCommitted else { return }
            do { try FileManager.default.removeItem(at: temporary) } catch {
                // The next start removes it.
            }
        }
    }
}
