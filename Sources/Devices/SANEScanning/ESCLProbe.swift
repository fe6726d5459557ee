import AsyncHTTPClient
import NIOCore
import Peripherals

/// Asks a driverless scanner what SANE cannot be asked: how it is, and who it is.
enum ESCLProbe {
    /// Blocks at most five seconds.
    ///
    /// - Parameter address: for example `http://127.0.0.1:8520/eSCL`.
    static func condition(at address: String) -> ScannerCondition {
        switch get("ScannerStatus", at: address, limit: ESCLStatus.lengthLimit, within: .seconds(5)) {
        case .document(let xml): ESCLStatus(xml: xml)?.condition ?? .fault
        case .busy: .busy
        case .refused: .fault
        case .silent: .unknown
        case .nobody: .absent
        }
    }

    enum Identity: Equatable {
        case known(ESCLCapabilities)
        /// Somebody is there, and does not say who.
        case hidden
        case nobody
    }

    /// Who answers. Blocks at most two seconds.
    static func identity(at address: String) -> Identity {
        switch get("ScannerCapabilities", at: address, limit: ESCLCapabilities.lengthLimit, within: .seconds(2)) {
        case .document(let xml): ESCLCapabilities(xml: xml).map(Identity.known) ?? .hidden
        case .busy, .refused, .silent: .hidden
        case .nobody: .nobody
        }
    }

    private enum Answer {
        case document([UInt8])
        /// 503
        case busy
        /// Another status, or more bytes than such a document has.
        case refused
        case silent
        case nobody
    }

    private static func get(_ name: String, at address: String, limit: Int, within time: TimeAmount) -> Answer {
        let url = (address.hasSuffix("/") ? String(address.dropLast()) : address) + "/" + name
        guard let request = try? HTTPClient.Request(url: url) else { return .refused }
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        // A scanner that refuses the connection is off: asking again does not help.
        configuration.connectionPool.retryConnectionEstablishment = false
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        defer { client.shutdown { _ in } }
        do {
            let collector = ResponseAccumulator(request: request, maxBodySize: limit)
            let response = try client.execute(request: request, delegate: collector, deadline: .now() + time).wait()
            guard response.status == .ok, let body = response.body else {
                return response.status == .serviceUnavailable ? .busy : .refused
            }
            return .document(Array(body.readableBytesView))
        } catch let error as HTTPClientError where error == .deadlineExceeded {
            return .silent
        } catch is ResponseAccumulator.ResponseTooBigError {
            return .refused
        } catch {
            return .nobody
        }
    }
}
