import CentralProtocol
import Crypto
import Foundation
import GRDB
import HostSystem

/// An upload that is under way, or was taken.
struct Upload: Sendable, Equatable {
    let id: String
    let kiosk: String
    let dossier: UUID
    let sealedSHA256: String
    let length: Int
    /// Its dossier was committed; the bytes are gone.
    let taken: Bool

    init(_ row: Row) {
        id = row["id"]
        kiosk = row["kiosk"]
        dossier = UUID(uuidString: row["dossier"]) ?? UUID()
        sealedSHA256 = row["sealed_sha256"]
        length = row["length"]
        taken = row["taken"]
    }
}

/// The uploads: one file each, whose size is the offset (tus 1.0.0). What was answered is on the disk.
struct UploadStore: Sendable {
    let folder: URL
    let database: CentreDatabase
    /// All file work on uploads goes through here, one piece after another, so that an offset that was checked holds.
    let files = FileQueue(label: "uploads")

    init(folder: URL, database: CentreDatabase) throws {
        try DurableFile.makeFolder(folder)
        self.folder = folder
        self.database = database
    }

    /// The same dossier with the same hash and length gets the same upload.
    /// - Throws: ``CentreProblem``.
    func create(kiosk: String, _ metadata: UploadMetadata, length: Int, at now: Date) async throws -> Upload {
        guard (1...Limits.sealedBytes).contains(length) else {
            throw CentreProblem(.tooLarge, "Upload-Length is out of bounds", status: 413)
        }
        return try await database.pool.write { database in
            if let row = try Row.fetchOne(
                database, sql: "SELECT * FROM upload WHERE dossier = ?", arguments: [metadata.dossier.uuidString])
            {
                let upload = Upload(row)
                guard upload.kiosk == kiosk, upload.sealedSHA256 == metadata.sealedSHA256, upload.length == length
                else {
                    throw CentreProblem(.differentBytes, "this dossier was announced with other bytes", status: 409)
                }
                return upload
            }
            let open =
                try Int.fetchOne(
                    database, sql: "SELECT count(*) FROM upload WHERE kiosk = ? AND NOT taken", arguments: [kiosk]) ?? 0
            guard open < Limits.openUploadsPerKiosk else {
                throw CentreProblem(.diskFull, "too many unfinished uploads of this kiosk", status: 429)
            }
            let id = SymmetricKey(size: .bits128).withUnsafeBytes { Hex.encode($0) }
            try database.execute(
                sql: """
                    INSERT INTO upload (id, kiosk, dossier, sealed_sha256, length, created_at_ms) VALUES (?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    id, kiosk, metadata.dossier.uuidString, metadata.sealedSHA256, length, now.milliseconds,
                ])
            guard
                let row = try Row.fetchOne(database, sql: "SELECT * FROM upload WHERE id = ?", arguments: [id])
            else { throw CentreProblem(.fault, "the upload was not kept", status: 500) }
            return Upload(row)
        }
    }

    /// - Throws: ``CentreProblem`` when this kiosk has no such upload.
    func find(_ id: String, kiosk: String) async throws -> Upload {
        guard
            let upload = try await database.pool.read({ database in
                try Row.fetchOne(
                    database, sql: "SELECT * FROM upload WHERE id = ? AND kiosk = ?", arguments: [id, kiosk]
                ).map(Upload.init)
            })
        else { throw CentreProblem(.noSuchUpload, "no such upload", status: 404) }
        return upload
    }

    /// Blocks.
    func find(dossier: UUID, kiosk: String) throws -> Upload {
        let row = try database.pool.read { database in
            try Row.fetchOne(
                database, sql: "SELECT * FROM upload WHERE dossier = ? AND kiosk = ?",
                arguments: [dossier.uuidString, kiosk]
            ).map(Upload.init)
        }
        guard let row else { throw CentreProblem(.noSuchUpload, "no upload of this dossier", status: 404) }
        return row
    }

    /// How many bytes are there.
    func offset(of upload: Upload) async throws -> Int {
        if upload.taken { return upload.length }
        return try await files.run { [self] in try storedBytes(upload) }
    }

    /// Appends at `offset`; either all of `bytes` is there and on the disk, or none.
    /// - Returns: the new offset.
    func append(_ bytes: Data, to upload: Upload, at offset: Int) async throws -> Int {
        guard !upload.taken else { throw CentreProblem(.offsetConflict, "all bytes are here", status: 409) }
        return try await files.run { [self] in
            guard try storedBytes(upload) == offset else {
                throw CentreProblem(.offsetConflict, "Upload-Offset isn't where the upload stands", status: 409)
            }
            guard offset + bytes.count <= upload.length else {
                throw CentreProblem(.tooLarge, "more bytes than were announced", status: 413)
            }
            try write(bytes, at: offset, to: place(upload))
            return offset + bytes.count
        }
    }

    /// Forgets the bytes: they were taken, or damaged on the way or on this disk. Blocks.
    func removeBytes(_ upload: Upload) { unlink(place(upload).path) }

    /// Forgets the upload altogether: its dossier was refused. Blocks.
    func forget(_ upload: Upload) throws {
        removeBytes(upload)
        try database.pool.write { try $0.execute(sql: "DELETE FROM upload WHERE id = ?", arguments: [upload.id]) }
    }

    func place(_ upload: Upload) -> URL { folder.appending(path: upload.id) }

    /// Blocks.
    func storedBytes(_ upload: Upload) throws -> Int {
        do { return try FileReader(place(upload)).byteCount } catch let fault as FileFault where fault.code == ENOENT {
            return 0
        }
    }

    private func write(_ bytes: Data, at offset: Int, to file: URL) throws {
        let descriptor = open(file.path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw FileFault(errno, "open", file) }
        defer { close(descriptor) }
        var written = 0
        let fault = bytes.withUnsafeBytes { buffer -> FileFault? in
            while written < buffer.count {
                let count = pwrite(
                    descriptor, buffer.baseAddress.map { $0 + written }, buffer.count - written, off_t(offset + written)
                )
                if count < 0 {
                    if errno == EINTR { continue }
                    return FileFault(errno, "write", file)
                }
                written += count
            }
            return fsync(descriptor) == 0 ? nil : FileFault(errno, "sync", file)
        }
        if let fault {
            // A file that is too long would be a wrong offset; if it can't be cut, the hash at the commit finds it.
            if ftruncate(descriptor, off_t(offset)) != 0 { unlink(file.path) }
            throw fault
        }
        if offset == 0 { try DurableFile.syncFolder(folder) }
    }
}
