import CentralProtocol
import Crypto
import Foundation

/// Splits an opened dossier into manifest and files, and checks each against what it says. Pure: plain bytes go in,
/// pieces of files come out.
struct DossierUnpacker {
    enum Output: Equatable {
        /// The manifest is whole and checked.
        case manifest(DossierManifest)
        case begin(DossierManifest.File)
        case content(Data)
        /// The file that began last is whole, and its hash is right.
        case end
    }

    private let commit: DossierCommit
    private let kiosk: String
    private var pending = Data()
    private var manifest: DossierManifest?
    private var fileIndex = 0
    private var left = 0
    private var hash = SHA256()
    private var isInFile = false

    init(commit: DossierCommit, kiosk: String) {
        self.commit = commit
        self.kiosk = kiosk
    }

    mutating func feed(_ plain: Data) throws -> [Output] {
        pending.append(plain)
        var out: [Output] = []
        if manifest == nil {
            guard let read = try readManifest() else { return [] }
            manifest = read
            out.append(.manifest(read))
        }
        guard let manifest else { return out }
        while fileIndex < manifest.files.count {
            let file = manifest.files[fileIndex]
            if !isInFile {
                isInFile = true
                left = file.bytes
                hash = SHA256()
                out.append(.begin(file))
            }
            let piece = Data(pending.prefix(left))
            pending = Data(pending.dropFirst(piece.count))
            if !piece.isEmpty {
                hash.update(data: piece)
                left -= piece.count
                out.append(.content(piece))
            }
            guard left == 0 else { return out }
            guard Hex.encode(hash.finalize()) == file.sha256 else { throw ProtocolError.hashDiffers(file: file.name) }
            out.append(.end)
            isInFile = false
            fileIndex += 1
        }
        guard pending.isEmpty else { throw ProtocolError.malformed("dossier: bytes after the last file") }
        return out
    }

    /// - Throws: ``ProtocolError`` when something is missing.
    func finish() throws -> DossierManifest {
        guard let manifest, fileIndex == manifest.files.count else { throw ProtocolError.cannotOpen("cut short") }
        return manifest
    }

    private mutating func readManifest() throws -> DossierManifest? {
        guard pending.count >= 4 else { return nil }
        let length = pending.prefix(4).reduce(0) { $0 << 8 | Int($1) }
        guard length <= Limits.manifestBytes else { throw ProtocolError.tooLarge("manifest") }
        guard pending.count >= 4 + length else { return nil }
        let bytes = Data(pending.dropFirst(4).prefix(length))
        pending = Data(pending.dropFirst(4 + length))
        guard Hex.sha256(bytes) == commit.manifestSHA256 else { throw ProtocolError.hashDiffers(file: "manifest") }
        let manifest = try DossierManifest(canonical: bytes)
        guard manifest.id == commit.dossier, manifest.kiosk == kiosk else {
            throw ProtocolError.malformed("manifest: another dossier or another kiosk")
        }
        return manifest
    }
}
