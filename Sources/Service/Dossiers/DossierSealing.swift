import CentralProtocol
import Crypto
import Foundation
import HostSystem

/// Makes the sealed file of a draft: the manifest's length (4 bytes, big-endian), the manifest, and the files in the
/// manifest's order, all inside the sealed stream. Blocks.
struct DossierSealing {
    let keys: CentreKeys

    /// - Parameter folder: the sealed file's name there comes from `DossierCommit.fileName`.
    func seal(_ draft: DossierDraft, in folder: URL) throws -> SealedDossier {
        let manifest = try manifest(draft)
        let manifestBytes = manifest.canonicalBytes
        var output = try Output(folder.appending(path: draft.id.uuidString))
        var sealer = try DossierSealer(dossier: draft.id, keys: keys)
        try output.write(sealer.header)
        var length = Data()
        withUnsafeBytes(of: UInt32(manifestBytes.count).bigEndian) { length.append(contentsOf: $0) }
        try output.write(try sealer.seal(length + manifestBytes))
        for (file, described) in zip(draft.files, manifest.files) {
            var hash = SHA256()
            try read(file) { piece in
                hash.update(data: piece)
                try output.write(try sealer.seal(piece))
            }
            guard Hex.encode(hash.finalize()) == described.sha256 else {
                throw DossierError.fileChanged(name: file.name)
            }
        }
        try output.write(try sealer.finish())
        let commit = try output.commit { bytes, hash in
            DossierCommit(
                dossier: draft.id, manifestSHA256: Hex.sha256(manifestBytes), sealedSHA256: hash, sealedBytes: bytes)
        }
        return SealedDossier(
            id: draft.id, provisionalCode: draft.provisionalCode, procedure: draft.procedure, agency: draft.agency,
            fileCount: draft.files.count, createdAt: draft.createdAt, commit: commit, plaintext: draft.plaintext)
    }

    private func manifest(_ draft: DossierDraft) throws -> DossierManifest {
        let files = try draft.files.map { file in
            var hash = SHA256()
            var bytes = 0
            try read(file) { piece in
                hash.update(data: piece)
                bytes += piece.count
            }
            return DossierManifest.File(
                name: file.name, mediaType: file.mediaType, bytes: bytes, sha256: Hex.encode(hash.finalize()))
        }
        let salt = SymmetricKey(size: .bits128).withUnsafeBytes { Hex.encode($0) }
        let manifest = DossierManifest(
            id: draft.id, provisionalCode: draft.provisionalCode, procedure: draft.procedure,
            procedureVersion: draft.procedureVersion, agency: draft.agency, kiosk: draft.kiosk,
            createdAt: draft.createdAt, files: files, salt: salt)
        try manifest.validate()
        return manifest
    }

    private func read(_ file: DossierDraft.File, _ body: (Data) throws -> Void) throws {
        switch file.content {
        case .bytes(let bytes): try body(bytes)
        case .file(let url):
            do { try FileReader(url).forEach(body) } catch let fault as FileFault where fault.place == url {
                throw DossierError.fileChanged(name: file.name)
            }
        }
    }

    /// Counts and hashes what it writes.
    private struct Output: ~Copyable {
        private let place: URL
        private var file: DurableFile
        private var hash = SHA256()
        private var bytes = 0

        init(_ place: URL) throws {
            self.place = place
            file = try DurableFile(place)
        }

        mutating func write(_ data: Data) throws {
            bytes += data.count
            guard bytes <= Limits.sealedBytes else { throw ProtocolError.tooLarge("dossier") }
            hash.update(data: data)
            try file.write(data)
        }

        mutating func commit(_ describe: (_ bytes: Int, _ sha256: String) -> DossierCommit) throws -> DossierCommit {
            let commit = describe(bytes, Hex.encode(hash.finalize()))
            try file.commit(as: place.deletingLastPathComponent().appending(path: commit.fileName))
            return commit
        }
    }
}

extension DossierCommit {
    static let fileSuffix = ".sealed"

    /// The sealed file's name holds a part of its hash: sealing a dossier again never touches the bytes that were recorded.
    var fileName: String { "\(dossier.uuidString).\(sealedSHA256.prefix(16))\(Self.fileSuffix)" }
}
