import CentralProtocol
import Foundation
import HostSystem

/// A dossier as the applicant finished it, before it is sealed.
public struct DossierDraft: Sendable {
    public struct File: Sendable {
        public enum Content: Sendable {
            case bytes(Data)
            /// A file of the visit; it is removed when the dossier is recorded.
            case file(URL)
        }
        /// See `Limits.isFileName`; names the paper, never a person: `answers.json`, `giay-chung-sinh.pdf`.
        public var name: String
        public var mediaType: String
        public var content: Content

        public init(name: String, mediaType: String, content: Content) {
            self.name = name
            self.mediaType = mediaType
            self.content = content
        }
    }

    public var id: UUID
    /// See `ProvisionalCode.make`.
    public var provisionalCode: String
    public var procedure: String
    public var procedureVersion: String
    /// The receiving agency's code, for example `H21.23710`.
    public var agency: String
    public var kiosk: String
    public var createdAt: Date
    public var files: [File]

    public init(
        id: UUID, provisionalCode: String, procedure: String, procedureVersion: String, agency: String, kiosk: String,
        createdAt: Date, files: [File]
    ) {
        self.id = id
        self.provisionalCode = provisionalCode
        self.procedure = procedure
        self.procedureVersion = procedureVersion
        self.agency = agency
        self.kiosk = kiosk
        self.createdAt = createdAt
        self.files = files
    }

    /// The visit's files that it is made from.
    var plaintext: [URL] { files.compactMap { if case .file(let url) = $0.content { url } else { nil } } }
}

/// A dossier on this disk that only the centre can open.
public struct SealedDossier: Sendable, Equatable {
    public let id: UUID
    public let provisionalCode: String
    public let procedure: String
    public let agency: String
    public let fileCount: Int
    public let createdAt: Date
    public let commit: DossierCommit
    /// The visit's files that it was made from.
    let plaintext: [URL]
}

/// A dossier's row: what the outbox and the technician see. Nothing personal is in it.
public struct DossierRecord: Sendable, Equatable, Codable {
    public let id: UUID
    public let provisionalCode: String
    /// Given by the centre with the receipt.
    public let code: String?
    public let procedure: String
    public let agency: String
    public let ticket: UUID?
    public let createdAt: Date
    public let commit: DossierCommit
    public let receipt: SignedReceipt?
}

/// Why a dossier can't be kept, and what helps.
public enum DossierError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Nothing of it was kept; the visit's files are still there.
    case diskFull
    case disk(FileFault)
    /// A file of the visit changed or vanished while it was read.
    case fileChanged(name: String)
    case invalid(ProtocolError)
    case unknown(UUID)
    /// The sealed file is gone or isn't what was recorded.
    case sealedFileDamaged(UUID)
    case damagedRow

    public var description: String {
        switch self {
        case .diskFull: "the disk is full, the dossier was not kept: free space on it, the applicant can submit again"
        case .disk(let fault): "the dossier was not kept: \(fault)"
        case .fileChanged(let name): "\(name) changed while it was sealed: scan it again"
        case .invalid(let error): "the dossier is not valid: \(error)"
        case .unknown(let id): "no dossier \(id) on this kiosk"
        case .sealedFileDamaged(let id):
            "the sealed file of dossier \(id) is missing or damaged: the applicant has to submit again; check the disk"
        case .damagedRow: "a dossier's row can't be read: the database was changed by another program"
        }
    }

    init(_ error: any Error) {
        switch error {
        case let error as DossierError: self = error
        case let fault as FileFault: self = fault.isDiskFull ? .diskFull : .disk(fault)
        case let error as ProtocolError: self = .invalid(error)
        default: self = .invalid(.malformed("dossier"))
        }
    }
}
