import AsyncHTTPClient
import CentralProtocol
import Crypto
import Foundation
import NIOCore
import NIOHTTP1

/// The way to the centre. Tests put cuts into it.
public protocol CentreTransport: Sendable {
    /// Sends one request; a failure is an answer too.
    /// - Parameter chunk: the bytes of an `append`.
    func send(_ request: SyncRequest, chunk: Data) async -> SyncReply
    /// nil when the centre answers; otherwise why not.
    func check() async -> SyncTrouble?
    func close() async
}

/// HTTP to kiosk-central.
public struct HTTPTransport: CentreTransport {
    private let base: String
    private let enrolment: Enrolment
    private let client: HTTPClient
    private let timeout: TimeAmount

    /// - Parameters:
    ///   - centre: scheme, host and port; a path is kept as a prefix.
    ///   - timeout: for one request, its body included.
    public init(centre: URL, enrolment: Enrolment, timeout: Duration = .seconds(60)) {
        let text = centre.absoluteString
        base = text.hasSuffix("/") ? String(text.dropLast()) : text
        self.enrolment = enrolment
        self.timeout = .milliseconds(timeout.components.seconds * 1000)
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.timeout = .init(connect: .seconds(5), read: .seconds(30), write: .seconds(30))
        configuration.connectionPool.idleTimeout = .seconds(15)
        // The loop above decides about retries; a client that retries by itself hides cuts from it.
        configuration.connectionPool.retryConnectionEstablishment = false
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    public func send(_ request: SyncRequest, chunk: Data) async -> SyncReply {
        do {
            let response = try await client.execute(http(request, chunk), timeout: timeout)
            let body = try await response.body.collect(upTo: Limits.bodyBytes)
            return .answer(
                .init(
                    status: Int(response.status.code), location: response.headers.first(name: "Location"),
                    offset: response.headers.first(name: "Upload-Offset").flatMap { Int($0) },
                    body: Data(body.readableBytesView)))
        } catch {
            return .failed(Self.reason(error))
        }
    }

    public func check() async -> SyncTrouble? {
        do {
            let response = try await client.execute(
                HTTPClientRequest(url: base + CentrePaths.health), timeout: .seconds(5))
            _ = try await response.body.collect(upTo: Limits.bodyBytes)
            return response.status == .ok ? nil : .centreBusy(status: Int(response.status.code))
        } catch {
            return .unreachable(Self.reason(error))
        }
    }

    public func close() async {
        do { try await client.shutdown() } catch { assertionFailure("the HTTP client was closed twice") }
    }

    private func http(_ request: SyncRequest, _ chunk: Data) throws -> HTTPClientRequest {
        var http: HTTPClientRequest
        switch request {
        case .create(let metadata, let sealedBytes):
            http = HTTPClientRequest(url: base + CentrePaths.uploads)
            http.method = .POST
            http.headers.add(name: "Upload-Length", value: "\(sealedBytes)")
            http.headers.add(name: "Upload-Metadata", value: metadata.headerValue)
        case .offset(let path):
            http = HTTPClientRequest(url: base + path)
            http.method = .HEAD
        case .append(let path, let offset, _):
            http = HTTPClientRequest(url: base + path)
            http.method = .PATCH
            http.headers.add(name: "Content-Type", value: CentrePaths.patchMediaType)
            http.headers.add(name: "Upload-Offset", value: "\(offset)")
            let checksum = Data(SHA256.hash(data: chunk)).base64EncodedString()
            http.headers.add(name: "Upload-Checksum", value: "sha256 \(checksum)")
            http.body = .bytes(chunk)
        case .commit(let commit):
            http = HTTPClientRequest(url: base + CentrePaths.commit(commit.dossier))
            http.method = .POST
            http.headers.add(name: "Content-Type", value: "application/json")
            http.body = .bytes(try JSONEncoder().encode(commit))
        }
        http.headers.add(name: "Tus-Resumable", value: CentrePaths.tusVersion)
        http.headers.add(name: CentrePaths.kioskHeader, value: enrolment.kiosk)
        http.headers.add(name: "Authorization", value: "Bearer \(enrolment.token)")
        return http
    }

    /// A short name of what went wrong, without addresses.
    private static func reason(_ error: any Error) -> String {
        switch error {
        case let error as HTTPClientError: error.shortDescription
        case let error as IOError: String(cString: strerror(error.errnoCode))
        case is CancellationError: "cancelled"
        default: "\(type(of: error))"
        }
    }
}
