import AsyncHTTPClient
import CentralProtocol
import Crypto
import Foundation
import NIOCore

/// Speaks to the centre in plain HTTP, header by header, apart from the kiosk's own client.
struct CentreClient {
    struct Answer {
        let status: Int
        let headers: [String: String]
        let body: Data
        var text: String { String(decoding: body, as: UTF8.self) }
        var problem: CentreProblem.Code? { try? JSONDecoder().decode(CentreProblem.self, from: body).code }
    }

    let base: URL
    let enrolment: Enrolment

    func send(
        _ method: String, _ path: String, _ headers: [String: String] = [:], _ body: Data = Data(),
        authorized: Bool = true
    ) async throws -> Answer {
        var request = HTTPClientRequest(url: base.absoluteString + path)
        request.method = .RAW(value: method)
        if authorized {
            request.headers.add(name: "Authorization", value: "Bearer \(enrolment.token)")
            request.headers.add(name: "Kiosk-Id", value: enrolment.kiosk)
            request.headers.add(name: "Tus-Resumable", value: "1.0.0")
        }
        for (name, value) in headers { request.headers.replaceOrAdd(name: name, value: value) }
        if !body.isEmpty { request.body = .bytes(ByteBuffer(bytes: body)) }
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(30))
        let received = try await response.body.collect(upTo: 16 << 20)
        return Answer(
            status: Int(response.status.code),
            headers: Dictionary(response.headers.map { ($0.name.lowercased(), $0.value) }, uniquingKeysWith: { $1 }),
            body: Data(received.readableBytesView))
    }

    func create(_ dossier: UUID, _ sealed: Data, sha256: String? = nil, length: Int? = nil) async throws -> Answer {
        let hash = Data((sha256 ?? Hex.sha256(sealed)).utf8).base64EncodedString()
        let id = Data(dossier.uuidString.utf8).base64EncodedString()
        return try await send(
            "POST", "/v1/uploads",
            ["Upload-Length": "\(length ?? sealed.count)", "Upload-Metadata": "dossier \(id),sha256 \(hash)"])
    }

    func patch(_ path: String, at offset: Int, _ bytes: Data, checksum: String? = nil) async throws -> Answer {
        var headers = ["Content-Type": "application/offset+octet-stream", "Upload-Offset": "\(offset)"]
        headers["Upload-Checksum"] = checksum ?? "sha256 \(Data(SHA256.hash(data: bytes)).base64EncodedString())"
        return try await send("PATCH", path, headers, bytes)
    }

    func commit(_ commit: DossierCommit) async throws -> Answer {
        try await send(
            "POST", "/v1/dossiers/\(commit.dossier.uuidString)/commit", ["Content-Type": "application/json"],
            JSONEncoder().encode(commit))
    }

    /// Uploads and commits; the answer is the commit's.
    func submit(_ dossier: SampleDossier) async throws -> Answer {
        let path = try await create(dossier.id, dossier.sealed).headers["location"] ?? ""
        _ = try await patch(path, at: 0, dossier.sealed)
        return try await commit(dossier.commit)
    }
}

/// A dossier sealed by hand.
struct SampleDossier {
    var id: UUID
    var sealed: Data
    var commit: DossierCommit

    /// - Parameter spoil: changes the manifest after the files were described.
    init(
        _ keys: CentreKeys, kiosk: String, id: UUID = UUID(), files: [(String, String, Data)]? = nil,
        extra: Data = Data(), spoil: (inout DossierManifest) -> Void = { _ in }
    ) throws {
        let files = files ?? [("answers.json", "application/json", Data(#"{"child":{"name":"An"}}"#.utf8))]
        var manifest = DossierManifest(
            id: id, provisionalCode: "TAM-261124-7K3QXB", procedure: "1.001193", procedureVersion: "1",
            agency: "H21.23710", kiosk: kiosk, createdAt: Date(timeIntervalSince1970: 1_795_400_000),
            files: files.map { .init(name: $0.0, mediaType: $0.1, bytes: $0.2.count, sha256: Hex.sha256($0.2)) },
            salt: String(repeating: "0a", count: 16))
        spoil(&manifest)
        let bytes = manifest.canonicalBytes
        var plain = Data([0, 0, UInt8(bytes.count >> 8), UInt8(bytes.count & 255)]) + bytes
        for file in files { plain.append(file.2) }
        plain.append(extra)
        var sealer = try DossierSealer(dossier: id, keys: keys)
        self.id = id
        sealed = try sealer.header + sealer.seal(plain) + sealer.finish()
        commit = DossierCommit(
            dossier: id, manifestSHA256: Hex.sha256(bytes), sealedSHA256: Hex.sha256(sealed), sealedBytes: sealed.count)
    }
}
