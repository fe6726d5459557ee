import Hummingbird

/// Turns every error into the API's JSON, and keeps inner details in the log.
struct ErrorAnswers: RouterMiddleware {
    func handle(
        _ request: Request, context: WebContext, next: (Request, WebContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch {
            let fault = WebFault(error)
            if fault.status == .internalServerError {
                // The type only: an error's own text may carry what an applicant wrote.
                context.logger.error("request failed", metadata: ["error": "\(type(of: error))"])
            }
            return fault.response
        }
    }
}
