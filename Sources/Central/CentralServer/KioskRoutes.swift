import CentralProtocol
import Crypto
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// What kiosks call: tus 1.0.0 (creation, checksum) and the commit.
struct KioskRoutes: Sendable {
    let register: KioskRegister
    let uploads: UploadStore
    let intake: DossierIntake
    let keys: CentreKeys
    let now: @Sendable () -> Date

    func add(to router: Router<BasicRequestContext>) {
        router.get("/v1/keys") { _, _ in try Self.json(keys) }
        router.on("/v1/uploads", method: .options) { _, _ in
            Response(
                status: .noContent,
                headers: Self.tus([
                    "Tus-Version": CentrePaths.tusVersion, "Tus-Extension": "creation,checksum",
                    "Tus-Checksum-Algorithm": "sha256", "Tus-Max-Size": "\(Limits.sealedBytes)",
                ]))
        }
        router.post("/v1/uploads") { request, _ in try await create(request) }
        router.head("/v1/uploads/:id") { request, context in try await offset(request, context) }
        router.patch("/v1/uploads/:id") { request, context in try await append(request, context) }
        router.post("/v1/dossiers/:id/commit") { request, context in try await commit(request, context) }
    }

    private func create(_ request: Request) async throws -> Response {
        let kiosk = try await tusKiosk(request)
        guard let length = request.headers.value("Upload-Length").flatMap({ Int($0) }),
            let metadata = request.headers.value("Upload-Metadata").flatMap(UploadMetadata.init(headerValue:))
        else { throw CentreProblem(.malformed, "Upload-Length or Upload-Metadata", status: 400) }
        let upload = try await uploads.create(kiosk: kiosk, metadata, length: length, at: now())
        return Response(status: .created, headers: Self.tus(["Location": CentrePaths.upload(upload.id)]))
    }

    private func offset(_ request: Request, _ context: BasicRequestContext) async throws -> Response {
        let kiosk = try await tusKiosk(request)
        let upload = try await uploads.find(context.parameters.require("id"), kiosk: kiosk)
        let offset = try await uploads.offset(of: upload)
        return Response(
            status: .ok,
            headers: Self.tus([
                "Upload-Offset": "\(offset)", "Upload-Length": "\(upload.length)", "Cache-Control": "no-store",
            ]))
    }

    private func append(_ request: Request, _ context: BasicRequestContext) async throws -> Response {
        let kiosk = try await tusKiosk(request)
        guard request.headers[.contentType] == CentrePaths.patchMediaType,
            let offset = request.headers.value("Upload-Offset").flatMap({ Int($0) }), offset >= 0
        else { throw CentreProblem(.malformed, "Content-Type or Upload-Offset", status: 400) }
        let upload = try await uploads.find(context.parameters.require("id"), kiosk: kiosk)
        let bytes = try await Self.body(request, upTo: Limits.patchBytes)
        if let checksum = request.headers.value("Upload-Checksum") { try Self.check(bytes, checksum) }
        let new = try await uploads.append(bytes, to: upload, at: offset)
        return Response(status: .noContent, headers: Self.tus(["Upload-Offset": "\(new)"]))
    }

    private func commit(_ request: Request, _ context: BasicRequestContext) async throws -> Response {
        let kiosk = try await kiosk(request)
        let bytes = try await Self.body(request, upTo: Limits.bodyBytes)
        guard let commit = try? JSONDecoder().decode(DossierCommit.self, from: bytes), commit.isWellFormed,
            context.parameters.get("id").flatMap(UUID.init(uuidString:)) == commit.dossier
        else { throw CentreProblem(.malformed, "the commit", status: 400) }
        return try Self.json(try await intake.take(commit, kiosk: kiosk, now: now()))
    }

    private func tusKiosk(_ request: Request) async throws -> String {
        guard request.headers.value("Tus-Resumable") == CentrePaths.tusVersion else {
            throw CentreProblem(.malformed, "Tus-Resumable must be \(CentrePaths.tusVersion)", status: 412)
        }
        return try await kiosk(request)
    }

    /// Who asks; an unknown kiosk and a wrong secret get the same answer.
    private func kiosk(_ request: Request) async throws -> String {
        let prefix = "Bearer "
        guard let kiosk = request.headers.value(CentrePaths.kioskHeader), let bearer = request.headers[.authorization],
            bearer.hasPrefix(prefix),
            try await register.accepts(kiosk: kiosk, token: String(bearer.dropFirst(prefix.count)))
        else { throw CentreProblem(.notEnrolled, "this kiosk is not enrolled", status: 401) }
        return kiosk
    }

    /// tus 1.0.0, checksum: 460 when it differs, 400 for an algorithm that isn't offered.
    private static func check(_ bytes: Data, _ header: String) throws {
        let parts = header.split(separator: " ")
        guard parts.count == 2, parts[0] == "sha256", let expected = Data(base64Encoded: String(parts[1])) else {
            throw CentreProblem(.malformed, "Upload-Checksum", status: 400)
        }
        guard Data(SHA256.hash(data: bytes)) == expected else {
            throw CentreProblem(.checksumMismatch, "the bytes changed on the way", status: 460)
        }
    }

    private static func body(_ request: Request, upTo limit: Int) async throws -> Data {
        do {
            let buffer = try await request.body.collect(upTo: limit)
            return Data(buffer.readableBytesView)
        } catch is NIOTooManyBytesError {
            throw CentreProblem(.tooLarge, "the body is larger than \(limit) bytes", status: 413)
        }
    }

    private static func json(_ value: some Encodable) throws -> Response {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return Response(
            status: .ok, headers: [.contentType: "application/json", .cacheControl: "no-store"],
            body: .init(byteBuffer: ByteBuffer(bytes: try encoder.encode(value))))
    }

    private static func tus(_ fields: [String: String]) -> HTTPFields {
        var headers = HTTPFields()
        for (name, value) in fields.merging(["Tus-Resumable": CentrePaths.tusVersion], uniquingKeysWith: { $1 }) {
            if let name = HTTPField.Name(name) { headers[name] = value }
        }
        return headers
    }
}

extension HTTPFields {
    fileprivate func value(_ name: String) -> String? { HTTPField.Name(name).flatMap { self[$0] } }
}
