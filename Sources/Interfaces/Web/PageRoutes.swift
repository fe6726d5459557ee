import HTTPTypes
import Hummingbird

/// The pages and their files. A browser asks each time whether its copy is still good, so an update shows at once.
struct PageRoutes {
    let assets: Assets

    func add(to router: Router<WebContext>) {
        router.group().add(middleware: ThisMachineGuard()).get("/") { request, _ in
            try answer("kiosk.html", to: request)
        }
        router.get("display") { request, _ in try answer("display.html", to: request) }
        router.get("counter") { request, _ in try answer("counters.html", to: request) }
        router.get("counter/:number") { request, context in
            guard Int(context.parameters.get("number") ?? "") != nil else { throw WebFault.notFound }
            return try answer("counter.html", to: request)
        }
        router.get("assets/**") { request, context in
            let path = context.parameters.getCatchAll().joined(separator: "/")
            // Pages have their own addresses, where their guards stand.
            guard !path.hasSuffix(".html") else { throw WebFault.notFound }
            return try answer(path, to: request)
        }
    }

    private func answer(_ path: String, to request: Request) throws -> Response {
        guard let file = assets.files[path] else { throw WebFault.notFound }
        let headers: HTTPFields = [.contentType: file.type, .eTag: file.etag, .cacheControl: "no-cache"]
        if request.headers[.ifNoneMatch] == file.etag {
            return Response(status: .notModified, headers: [.eTag: file.etag, .cacheControl: "no-cache"])
        }
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: file.bytes))
    }
}
