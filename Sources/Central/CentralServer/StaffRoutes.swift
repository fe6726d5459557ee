import CentralProtocol
import Foundation
import HTTPTypes
import Hummingbird

/// Pages and JSON for reading what the centre holds. Only GET, no scripts, nothing from elsewhere.
struct StaffRoutes: Sendable {
    let archive: DossierArchive
    /// See ``HostGuard``.
    let hostNames: [String]

    /// Media types that a browser may show in place; everything else is a download.
    private static let shown: Set<String> = ["application/pdf", "image/jpeg", "image/png"]
    private static let pagePolicy =
        "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    private static let filePolicy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"

    func add(to all: Router<BasicRequestContext>) {
        let router = all.group().add(middleware: HostGuard(names: hostNames))
        router.get("/") { _, _ in Response.redirect(to: "/dossiers", type: .found) }
        router.get("/assets/centre.css") { _, _ in
            Self.answer(Data(PackageResources.centre_css), type: "text/css; charset=utf-8", policy: Self.pagePolicy)
        }
        router.get("/dossiers") { _, _ in Self.page(Pages.list(try await archive.list())) }
        router.get("/dossiers/:id") { _, context in
            guard let dossier = try await find(context) else { return Self.page(Pages.missing(), status: .notFound) }
            return Self.page(Pages.dossier(dossier, answers: try await answers(dossier)))
        }
        router.get("/dossiers/:id/files/:name") { _, context in
            guard let dossier = try await find(context), let name = context.parameters.get("name"),
                let file = dossier.manifest.files.first(where: { $0.name == name })
            else { return Self.page(Pages.missing(), status: .notFound) }
            return try await content(file, of: dossier.id)
        }
        router.get("/api/dossiers") { _, _ in
            try Self.json(DossierListJSON(dossiers: try await archive.list().map(DossierJSON.init)))
        }
        router.get("/api/dossiers/:id") { _, context in
            guard let dossier = try await find(context) else {
                throw CentreProblem(.malformed, "no dossier of this id or code", status: 404)
            }
            return try Self.json(DossierJSON(dossier))
        }
    }

    /// By id.
    private func find(_ context: BasicRequestContext) async throws -> ArchivedDossier? {
        guard let id = context.parameters.get("id").flatMap(UUID.init(uuidString:)) else { return nil }
        return try await archive.find(id)
    }

    private func answers(_ dossier: ArchivedDossier) async throws -> [String: AnswersTable] {
        var tables: [String: AnswersTable] = [:]
        for file in dossier.manifest.files
        where file.mediaType == "application/json" && file.bytes <= AnswersTable.mostBytes {
            tables[file.name] = AnswersTable(try await archive.content(file, of: dossier.id))
        }
        return tables
    }

    private func content(_ file: DossierManifest.File, of dossier: UUID) async throws -> Response {
        let isShown = Self.shown.contains(file.mediaType)
        var response = Self.answer(
            try await archive.content(file, of: dossier), type: isShown ? file.mediaType : "application/octet-stream",
            policy: Self.filePolicy)
        response.headers[.contentDisposition] = "\(isShown ? "inline" : "attachment"); filename=\"\(file.name)\""
        return response
    }

    private static func page(_ html: HTML, status: HTTPResponse.Status = .ok) -> Response {
        answer(Data(html.document.utf8), type: "text/html; charset=utf-8", policy: pagePolicy, status: status)
    }

    private static func json(_ value: some Encodable) throws -> Response {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .iso8601
        return answer(try encoder.encode(value), type: "application/json", policy: filePolicy)
    }

    private static func answer(
        _ body: Data, type: String, policy: String, status: HTTPResponse.Status = .ok
    ) -> Response {
        var headers = HTTPFields()
        headers[.contentType] = type
        headers[.contentSecurityPolicy] = policy
        headers[.xContentTypeOptions] = "nosniff"
        headers[.cacheControl] = "no-store"
        if let referrer = HTTPField.Name("Referrer-Policy") { headers[referrer] = "no-referrer" }
        return Response(status: status, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: body)))
    }
}

/// What `GET /api/dossiers` answers.
struct DossierListJSON: Encodable {
    let dossiers: [DossierJSON]
}

struct DossierJSON: Encodable {
    let id: UUID
    let code: String
    let provisionalCode: String
    let procedure: String
    let procedureVersion: String
    let agency: String
    let kiosk: String
    let createdAt: Date
    let receivedAt: Date
    let manifestSHA256: String
    let files: [DossierManifest.File]
    let receipt: SignedReceipt

    init(_ dossier: ArchivedDossier) {
        id = dossier.id
        code = dossier.code
        provisionalCode = dossier.manifest.provisionalCode
        procedure = dossier.manifest.procedure
        procedureVersion = dossier.manifest.procedureVersion
        agency = dossier.manifest.agency
        kiosk = dossier.manifest.kiosk
        createdAt = dossier.manifest.createdAt
        receivedAt = dossier.receivedAt
        manifestSHA256 = dossier.receipt.receipt.manifestSHA256
        files = dossier.manifest.files
        receipt = dossier.receipt
    }
}
