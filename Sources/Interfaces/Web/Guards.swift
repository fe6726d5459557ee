import HTTPTypes
import Hummingbird
import NIOCore

/// Refuses requests for names that are not the kiosk's. A site that lets its own name point to the kiosk's address
/// (DNS rebinding) would otherwise count as the same origin.
struct HostGuard: RouterMiddleware {
    let names: [String]

    func handle(
        _ request: Request, context: WebContext, next: (Request, WebContext) async throws -> Response
    ) async throws -> Response {
        guard let authority = request.head.authority, accepts(authority) else { throw WebFault.unknownHost }
        return try await next(request, context)
    }

    func accepts(_ authority: String) -> Bool {
        let host = Self.host(of: authority).lowercased()
        if host == "localhost" || names.contains(where: { $0.lowercased() == host }) { return true }
        return (try? SocketAddress(ipAddress: host, port: 0)) != nil
    }

    /// The host of `host`, `host:port` or `[v6]:port`.
    static func host(of authority: String) -> String {
        if authority.hasPrefix("["), let end = authority.firstIndex(of: "]") {
            return String(authority[authority.index(after: authority.startIndex)..<end])
        }
        return String(authority.prefix { $0 != ":" })
    }
}

/// Lets only the kiosk's own pages post. Browsers say where a request comes from (`Sec-Fetch-Site`, `Origin`); a
/// program of this machine says neither.
struct SameOriginGuard: RouterMiddleware {
    func handle(
        _ request: Request, context: WebContext, next: (Request, WebContext) async throws -> Response
    ) async throws -> Response {
        guard request.method == .get || request.method == .head || isSameOrigin(request) else {
            throw WebFault.otherOrigin
        }
        return try await next(request, context)
    }

    private func isSameOrigin(_ request: Request) -> Bool {
        if let site = request.headers[Self.fetchSite], site != "same-origin" { return false }
        guard let origin = request.headers[.origin] else { return true }
        guard let authority = request.head.authority else { return false }
        return origin == "http://\(authority)" || origin == "https://\(authority)"
    }

    private static let fetchSite = HTTPField.Name("Sec-Fetch-Site") ?? .origin
}

/// Lets only this machine through: the touchscreen shows personal data.
struct ThisMachineGuard: RouterMiddleware {
    func handle(
        _ request: Request, context: WebContext, next: (Request, WebContext) async throws -> Response
    ) async throws -> Response {
        guard Self.isThisMachine(context.remoteAddress) else { throw WebFault.onlyThisMachine }
        return try await next(request, context)
    }

    static func isThisMachine(_ address: SocketAddress?) -> Bool {
        guard let address else { return false }
        switch address {
        case .unixDomainSocket: return true
        case .v4, .v6:
            guard let text = address.ipAddress else { return false }
            return text == "::1" || text.hasPrefix("127.") || text.hasPrefix("::ffff:127.")
        }
    }
}
