import CentralProtocol
import Foundation

/// What is asked of the centre.
public enum SyncRequest: Sendable, Equatable {
    /// tus creation: the same dossier and hash always lead to the same upload.
    case create(UploadMetadata, sealedBytes: Int)
    /// tus HEAD.
    case offset(path: String)
    /// tus PATCH with `count` sealed bytes from `offset`.
    case append(path: String, offset: Int, count: Int)
    case commit(DossierCommit)
}

/// What came back.
public enum SyncReply: Sendable, Equatable {
    public struct Answer: Sendable, Equatable {
        public var status: Int
        /// The header `Location`.
        public var location: String?
        /// The header `Upload-Offset`.
        public var offset: Int?
        public var body: Data

        public init(status: Int, location: String? = nil, offset: Int? = nil, body: Data = Data()) {
            self.status = status
            self.location = location
            self.offset = offset
            self.body = body
        }
    }

    case answer(Answer)
    /// No answer came; the reason holds no personal data.
    case failed(String)
    /// The sealed bytes to send could not be read.
    case sealedFileDamaged
}

/// What the machine wants next.
public enum SyncStep: Sendable, Equatable {
    case send(SyncRequest)
    case end(SyncEnd)
}

/// How an attempt ended.
public enum SyncEnd: Sendable, Equatable {
    /// The receipt is valid: keep it, then delete the sealed file.
    case done(SignedReceipt)
    /// Try again later.
    case later(SyncTrouble)
    /// Sending again changes nothing: out of the line.
    case park(SyncTrouble)
}

/// One attempt to bring one dossier to the centre: create, ask for the offset, append, commit. Performs no I/O.
///
/// An attempt always begins with `create`, which is harmless when it was done before; so an interruption at any point
/// costs at most one chunk again, and never doubles anything.
public struct SyncMachine: Sendable {
    private enum Phase: Equatable {
        case created
        case asked(path: String)
        case appended(path: String, offset: Int, count: Int)
        case committed(path: String)
        case over
    }

    /// How often one attempt begins again from nothing, or asks for the offset again.
    static let restartLimit = 2
    static let offsetLimit = 8

    private let commit: DossierCommit
    private let keys: CentreKeys
    private let chunkBytes: Int
    private var phase = Phase.over
    private var restarts = 0
    private var offsetsAsked = 0

    public init(commit: DossierCommit, keys: CentreKeys, chunkBytes: Int = Limits.chunkBytes) {
        self.commit = commit
        self.keys = keys
        self.chunkBytes = max(1, min(chunkBytes, Limits.patchBytes))
    }

    public mutating func start() -> SyncStep {
        phase = .created
        return .send(
            .create(
                UploadMetadata(dossier: commit.dossier, sealedSHA256: commit.sealedSHA256),
                sealedBytes: commit.sealedBytes))
    }

    public mutating func receive(_ reply: SyncReply) -> SyncStep {
        switch reply {
        case .failed(let reason): return end(.later(.unreachable(reason)))
        case .sealedFileDamaged: return end(.park(.sealedFileDamaged))
        case .answer(let answer): return receive(answer)
        }
    }

    private mutating func receive(_ answer: SyncReply.Answer) -> SyncStep {
        switch (phase, answer.status) {
        case (.created, 201):
            guard let path = answer.location.flatMap(Self.uploadPath) else {
                return unexpected("no upload in Location")
            }
            return ask(path)
        case (.asked(let path), 200), (.asked(let path), 204):
            guard let offset = answer.offset else { return unexpected("no Upload-Offset") }
            return go(on: path, from: offset)
        case (.appended(let path, let before, let count), 204):
            guard answer.offset == before + count else { return unexpected("Upload-Offset after PATCH") }
            return go(on: path, from: before + count)
        case (.committed, 200):
            guard let receipt = try? JSONDecoder().decode(SignedReceipt.self, from: answer.body) else {
                return unexpected("no receipt")
            }
            do { try receipt.verify(commit, keys: keys) } catch let error as ProtocolError {
                return end(.later(.receiptNotValid(error)))
            } catch {
                return end(.later(.receiptNotValid(.signatureInvalid)))
            }
            return end(.done(receipt))
        case (.over, _): return end(.later(.unexpectedAnswer("an answer nobody asked for")))
        default: return refused(answer)
        }
    }

    private mutating func go(on path: String, from offset: Int) -> SyncStep {
        guard (0...commit.sealedBytes).contains(offset) else { return unexpected("Upload-Offset beyond the end") }
        if offset == commit.sealedBytes {
            phase = .committed(path: path)
            return .send(.commit(commit))
        }
        let count = min(chunkBytes, commit.sealedBytes - offset)
        phase = .appended(path: path, offset: offset, count: count)
        return .send(.append(path: path, offset: offset, count: count))
    }

    private mutating func ask(_ path: String) -> SyncStep {
        offsetsAsked += 1
        guard offsetsAsked <= Self.offsetLimit else { return unexpected("the offset never fits") }
        phase = .asked(path: path)
        return .send(.offset(path: path))
    }

    private mutating func restart(orEndWith trouble: SyncTrouble) -> SyncStep {
        restarts += 1
        return restarts <= Self.restartLimit ? start() : end(.later(trouble))
    }

    /// An answer that isn't a success. HEAD has no body, so the status must do when no problem is told.
    private mutating func refused(_ answer: SyncReply.Answer) -> SyncStep {
        let problem = try? JSONDecoder().decode(CentreProblem.self, from: answer.body)
        switch (problem?.code, answer.status) {
        case (.notEnrolled, _), (nil, 401), (nil, 403): return end(.later(.notEnrolled))
        case (.noSuchUpload, _): return restart(orEndWith: .centreFault(status: answer.status))
        case (.uploadDamaged, _): return restart(orEndWith: .damagedOnTheWay)
        case (nil, 404), (nil, 410):
            if case .asked = phase { return restart(orEndWith: .centreFault(status: answer.status)) }
            return unexpected("status \(answer.status)")
        case (.offsetConflict, _), (.uploadIncomplete, _), (.checksumMismatch, _):
            switch phase {
            case .asked(let path), .appended(let path, _, _), .committed(let path): return ask(path)
            case .created, .over: return unexpected("status \(answer.status)")
            }
        case (.differentBytes, _), (.malformed, _), (.tooLarge, _), (.refused, _):
            return end(.park(.refused(problem?.code ?? .refused)))
        case (.diskFull, _), (nil, 429), (nil, 502), (nil, 503), (nil, 504), (nil, 507):
            return end(.later(.centreBusy(status: answer.status)))
        case (.fault, _), (nil, 500...599): return end(.later(.centreFault(status: answer.status)))
        default: return unexpected("status \(answer.status)")
        }
    }

    private mutating func unexpected(_ what: String) -> SyncStep { end(.later(.unexpectedAnswer(what))) }

    private mutating func end(_ end: SyncEnd) -> SyncStep {
        phase = .over
        return .end(end)
    }

    /// Only an upload of the centre itself is followed: a path, or a URL of which the path alone is taken.
    static func uploadPath(_ location: String) -> String? {
        guard location.utf8.count <= 512, let path = URLComponents(string: location)?.percentEncodedPath else {
            return nil
        }
        let prefix = CentrePaths.uploads + "/"
        guard path.hasPrefix(prefix), Limits.isFileName(String(path.dropFirst(prefix.count))) else { return nil }
        return path
    }
}
