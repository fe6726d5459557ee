import Foundation
import HTTPTypes
import Hummingbird

/// Shows the staff's pages only under names that are the centre's. A site that lets its own name point to this machine
/// (DNS rebinding) could otherwise read them in the browser of whoever works here.
struct HostGuard: RouterMiddleware {
    typealias Context = BasicRequestContext

    /// Besides IP addresses and `localhost`: the names under which a reverse proxy passes requests on.
    let names: [String]

    func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        guard let authority = request.head.authority, accepts(authority) else {
            throw CentreProblem(
                .malformed, "the centre is not known by this name: use its IP address, or start it with --name",
                status: 421)
        }
        return try await next(request, context)
    }

    func accepts(_ authority: String) -> Bool {
        let host = Self.host(of: authority).lowercased()
        return host == "localhost" || names.contains { $0.lowercased() == host } || Self.isAddress(host)
    }

    /// The host of `host`, `host:port` or `[v6]:port`.
    private static func host(of authority: String) -> String {
        if authority.hasPrefix("["), let end = authority.firstIndex(of: "]") {
            return String(authority[authority.index(after: authority.startIndex)..<end])
        }
        return String(authority.prefix { $0 != ":" })
    }

    private static func isAddress(_ host: String) -> Bool {
        var v4 = in_addr()
        var v6 = in6_addr()
        return inet_pton(AF_INET, host, &v4) == 1 || inet_pton(AF_INET6, host, &v6) == 1
    }
}
