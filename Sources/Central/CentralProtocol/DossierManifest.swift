import Crypto
import Foundation

/// What a dossier consists of. It travels sealed, before the files; outside only its hash is seen, and the salt keeps
/// that hash from telling anything about the files.
public struct DossierManifest: Sendable, Equatable, Codable {
    public struct File: Sendable, Equatable, Codable {
        /// See ``Limits/isFileName(_:)``; never personal data.
        public var name: String
        /// For example `application/pdf`.
        public var mediaType: String
        public var bytes: Int
        /// Of the plain content, in lower-case hexadecimal.
        public var sha256: String

        public init(name: String, mediaType: String, bytes: Int, sha256: String) {
            self.name = name
            self.mediaType = mediaType
            self.bytes = bytes
            self.sha256 = sha256
        }
    }

    /// 1.
    public var format: Int
    public var id: UUID
    public var provisionalCode: String
    /// The procedure's code, for example `1.001193`.
    public var procedure: String
    /// The version of the procedure's description that the applicant saw.
    public var procedureVersion: String
    /// The receiving agency's code, for example `H21.23710`.
    public var agency: String
    public var kiosk: String
    /// Milliseconds since 1970 (UTC).
    public var createdAtMs: Int
    public var files: [File]
    /// 16 random bytes in hexadecimal.
    public var salt: String

    public static let currentFormat = 1

    public init(
        id: UUID, provisionalCode: String, procedure: String, procedureVersion: String, agency: String, kiosk: String,
        createdAt: Date, files: [File], salt: String
    ) {
        format = Self.currentFormat
        self.id = id
        self.provisionalCode = provisionalCode
        self.procedure = procedure
        self.procedureVersion = procedureVersion
        self.agency = agency
        self.kiosk = kiosk
        createdAtMs = Int((createdAt.timeIntervalSince1970 * 1000).rounded())
        self.files = files
        self.salt = salt
    }

    public var createdAt: Date { Date(timeIntervalSince1970: Double(createdAtMs) / 1000) }

    /// The one form that is hashed and sealed.
    public var canonicalBytes: Data {
        CanonicalJSON.object([
            "format": .integer(format), "id": .text(id.uuidString), "provisionalCode": .text(provisionalCode),
            "procedure": .text(procedure), "procedureVersion": .text(procedureVersion), "agency": .text(agency),
            "kiosk": .text(kiosk), "createdAtMs": .integer(createdAtMs), "salt": .text(salt),
            "files": .list(
                files.map { file in
                    .object([
                        "name": .text(file.name), "mediaType": .text(file.mediaType), "bytes": .integer(file.bytes),
                        "sha256": .text(file.sha256),
                    ])
                }),
        ]).bytes
    }

    /// Reads a manifest and bounds everything in it.
    /// - Throws: ``ProtocolError``.
    public init(canonical bytes: Data) throws {
        guard bytes.count <= Limits.manifestBytes else { throw ProtocolError.tooLarge("manifest") }
        let manifest: DossierManifest
        do { manifest = try JSONDecoder().decode(Self.self, from: bytes) } catch {
            throw ProtocolError.malformed("manifest")
        }
        try manifest.validate()
        guard manifest.canonicalBytes == bytes else { throw ProtocolError.malformed("manifest: not canonical") }
        self = manifest
    }

    /// - Throws: ``ProtocolError`` naming the first thing that is out of bounds.
    public func validate() throws {
        guard format == Self.currentFormat else { throw ProtocolError.unsupported("manifest format \(format)") }
        for (name, code) in [
            ("provisionalCode", provisionalCode), ("procedure", procedure), ("procedureVersion", procedureVersion),
            ("agency", agency), ("kiosk", kiosk),
        ] where !Limits.isCode(code) {
            throw ProtocolError.malformed("manifest: \(name)")
        }
        guard salt.utf8.count == 32, salt.utf8.allSatisfy(Hex.isDigit) else {
            throw ProtocolError.malformed("manifest: salt")
        }
        guard (1...Limits.files).contains(files.count) else {
            throw ProtocolError.malformed("manifest: number of files")
        }
        guard Set(files.map(\.name)).count == files.count else {
            throw ProtocolError.malformed("manifest: a name twice")
        }
        var total = 0
        for file in files {
            guard Limits.isFileName(file.name) else { throw ProtocolError.malformed("manifest: a file's name") }
            guard Limits.isMediaType(file.mediaType) else { throw ProtocolError.malformed("manifest: a media type") }
            guard file.sha256.utf8.count == 64, file.sha256.utf8.allSatisfy(Hex.isDigit) else {
                throw ProtocolError.malformed("manifest: a hash")
            }
            guard (0...Limits.sealedBytes).contains(file.bytes) else { throw ProtocolError.tooLarge("file") }
            total += file.bytes
        }
        guard total <= Limits.sealedBytes else { throw ProtocolError.tooLarge("dossier") }
    }
}
