import Foundation

/// Where the centre listens. Everything below `/v1` except the keys wants `Authorization: Bearer TOKEN` and the kiosk's
/// id in `Kiosk-Id`.
public enum CentrePaths {
    public static let health = "/health"
    /// GET: ``CentreKeys``.
    public static let keys = "/v1/keys"
    /// OPTIONS, POST: tus 1.0.0 creation. `Upload-Metadata` carries ``UploadMetadata``.
    public static let uploads = "/v1/uploads"
    /// HEAD, PATCH: tus 1.0.0.
    public static func upload(_ id: String) -> String { "\(uploads)/\(id)" }
    /// POST a ``DossierCommit``; answers a ``SignedReceipt``.
    public static func commit(_ dossier: UUID) -> String { "/v1/dossiers/\(dossier.uuidString)/commit" }

    public static let kioskHeader = "Kiosk-Id"
    public static let tusVersion = "1.0.0"
    public static let patchMediaType = "application/offset+octet-stream"
}

/// The tus metadata of an upload: which dossier, and the hash of the sealed bytes. The centre answers the same
/// dossier with the same hash by the same upload, so that a lost answer costs nothing.
public struct UploadMetadata: Sendable, Equatable {
    public var dossier: UUID
    public var sealedSHA256: String

    public init(dossier: UUID, sealedSHA256: String) {
        self.dossier = dossier
        self.sealedSHA256 = sealedSHA256
    }

    /// tus 1.0.0, Upload-Metadata: comma-separated pairs of a key and a Base64 value.
    public var headerValue: String {
        func pair(_ key: String, _ value: String) -> String { "\(key) \(Data(value.utf8).base64EncodedString())" }
        return pair("dossier", dossier.uuidString) + "," + pair("sha256", sealedSHA256)
    }

    public init?(headerValue: String) {
        guard headerValue.utf8.count <= 1024 else { return nil }
        var values: [String: String] = [:]
        for pair in headerValue.split(separator: ",") {
            let parts = pair.split(separator: " ")
            guard parts.count == 2, let value = Data(base64Encoded: String(parts[1])) else { return nil }
            values[String(parts[0])] = String(decoding: value, as: UTF8.self)
        }
        guard let dossier = values["dossier"].flatMap(UUID.init(uuidString:)), let hash = values["sha256"],
            Hex.isHash(hash)
        else { return nil }
        self.init(dossier: dossier, sealedSHA256: hash)
    }
}

/// The last word of a kiosk about a dossier: all bytes are there, take it.
public struct DossierCommit: Sendable, Equatable, Codable {
    public var dossier: UUID
    /// Of ``DossierManifest/canonicalBytes``.
    public var manifestSHA256: String
    public var sealedSHA256: String
    public var sealedBytes: Int

    public init(dossier: UUID, manifestSHA256: String, sealedSHA256: String, sealedBytes: Int) {
        self.dossier = dossier
        self.manifestSHA256 = manifestSHA256
        self.sealedSHA256 = sealedSHA256
        self.sealedBytes = sealedBytes
    }

    public var isWellFormed: Bool {
        Hex.isHash(manifestSHA256) && Hex.isHash(sealedSHA256) && (1...Limits.sealedBytes).contains(sealedBytes)
    }
}

/// An error as the centre says it (RFC 9457, `application/problem+json`).
public struct CentreProblem: Sendable, Equatable, Codable, Error {
    public enum Code: String, Sendable, Codable {
        case notEnrolled
        case malformed
        case tooLarge
        /// This id is already there with other bytes.
        case differentBytes
        /// The upload isn't known, or it is gone: begin again.
        case noSuchUpload
        /// The bytes at the centre are not what was announced: begin again.
        case uploadDamaged
        /// Not all bytes are there: ask for the offset and go on.
        case uploadIncomplete
        case offsetConflict
        /// tus status 460.
        case checksumMismatch
        /// The dossier can't be opened, or isn't what its manifest says. Sending it again changes nothing.
        case refused
        case diskFull
        case fault
    }

    public var code: Code
    public var title: String
    public var status: Int

    public init(_ code: Code, _ title: String, status: Int) {
        self.code = code
        self.title = title
        self.status = status
    }
}
