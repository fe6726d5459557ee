import CentralProtocol
import Foundation
import GRDB
import HostSystem
import HTTPTypes
import Hummingbird
import Logging

/// Turns every error into a problem document (RFC 9457). What is unexpected is logged, and told to nobody.
struct ProblemMiddleware: RouterMiddleware {
    typealias Context = BasicRequestContext

    let logger: Logger

    func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch {
            return try Self.response(problem(error, request))
        }
    }

    private func problem(_ error: any Error, _ request: Request) -> CentreProblem {
        switch error {
        case let problem as CentreProblem: return problem
        case let fault as FileFault where fault.isDiskFull:
            logger.error("disk full", metadata: ["fault": "\(fault)"])
            return CentreProblem(.diskFull, "the centre's disk is full", status: 507)
        case let error as DatabaseError where error.resultCode == .SQLITE_FULL:
            logger.error("disk full while writing the database")
            return CentreProblem(.diskFull, "the centre's disk is full", status: 507)
        case let error as HTTPError:
            let status = error.status.code
            return CentreProblem(
                status == 413 ? .tooLarge : .malformed, error.body ?? "\(error.status)", status: status)
        default:
            // The path may hold a dossier's id, never a person's data.
            logger.error("fault", metadata: ["path": "\(request.uri.path)", "error": "\(type(of: error)): \(error)"])
            return CentreProblem(.fault, "the centre failed", status: 500)
        }
    }

    private static func response(_ problem: CentreProblem) throws -> Response {
        var headers: HTTPFields = [.contentType: "application/problem+json", .cacheControl: "no-store"]
        if let name = HTTPField.Name("Tus-Resumable") { headers[name] = CentrePaths.tusVersion }
        return Response(
            status: .init(code: problem.status), headers: headers,
            body: .init(byteBuffer: ByteBuffer(bytes: try JSONEncoder().encode(problem))))
    }
}
