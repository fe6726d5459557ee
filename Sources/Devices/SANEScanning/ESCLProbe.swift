import AsyncHTTPClient
import NIOCore
import Peripherals

/// Asks a driverless scanner how it is.
enum ESCLProbe {
    /// Blocks at most five seconds.
    ///
    /// - Parameter address: for example `http://127.0.0.1:8520/eSCL`.
    static func condition(at address: String) -> ScannerCondition {
        let url = (address.hasSuffix("/") ? String(address.dropLast()) : address) + "/ScannerStatus"
        guard let request = try? HTTPClient.Request(url: url) else { return .unknown }
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        // A scanner that refuses the connection is off: asking again does not help.
        configuration.connectionPool.retryConnectionEstablishment = false
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        defer { client.shutdown { _ in } }
        do {
            let response = try client.execute(request: request, deadline: .now() + .seconds(5)).wait()
            guard response.status == .ok, let body = response.body, body.readableBytes <= ESCLStatus.lengthLimit,
                let status = ESCLStatus(xml: Array(body.readableBytesView))
            else { return response.status == .serviceUnavailable ? .busy : .fault }
            return status.condition
        } catch let error as HTTPClientError where error == .deadlineExceeded {
            return .unknown
        } catch {
            return .absent
        }
    }
}
