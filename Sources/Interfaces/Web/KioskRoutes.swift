import Foundation
import HTTPTypes
import Hummingbird
import Journey

/// `/api/kiosk`: the touchscreen's screen, its events, its actions and the scanned pages' pictures.
struct KioskRoutes {
    let touchscreen: any Touchscreen
    let streams: EventStreams

    /// A screen's values fit many times over.
    static let bodyLimitBytes = 64 * 1024
    static let valueCountLimit = 400
    /// A page at 300 dpi is about 1 MiB as JPEG.
    static let pictureLimitBytes = 32 * 1024 * 1024

    func add(to router: Router<WebContext>) {
        let kiosk = router.group("api/kiosk").add(middleware: ThisMachineGuard())
        kiosk.get("screen") { _, _ in
            for await screen in await touchscreen.screens() { return Response.json(screen) }
            throw WebFault.noScreen
        }
        kiosk.get("events") { request, _ in
            streams.response(to: request, event: "screen", of: await touchscreen.screens())
        }
        kiosk.post("action") { request, _ in
            let action = try await Self.action(in: request)
            return Response.json(await touchscreen.perform(action))
        }
        kiosk.get("pages/:id") { request, context in
            try await picture(of: context.parameters.get("id") ?? "", context: context)
        }
    }

    static func action(in request: Request) async throws -> ScreenAction {
        guard request.headers[.contentType]?.lowercased().hasPrefix("application/json") == true else {
            throw WebFault.notJSON
        }
        let body = try await request.body.collect(upTo: bodyLimitBytes)
        do {
            let action = try JSONDecoder().decode(ScreenAction.self, from: Data(buffer: body))
            guard !action.action.isEmpty, action.values?.count ?? 0 <= valueCountLimit else { throw WebFault.badAction }
            return action
        } catch {
            throw WebFault.badAction
        }
    }

    private func picture(of id: String, context: WebContext) async throws -> Response {
        guard Self.isPageID(id), let file = await touchscreen.pagePicture(id), file.isFileURL else {
            throw WebFault.notFound
        }
        let body = try await FileIO().loadFile(path: file.path, context: context)
        guard let size = body.contentLength, (1...Self.pictureLimitBytes).contains(size) else {
            throw WebFault.notFound
        }
        // A page of one visit must not come up in the next one, not even from the browser's cache.
        return Response(status: .ok, headers: [.contentType: "image/jpeg", .cacheControl: "no-store"], body: body)
    }

    static func isPageID(_ id: String) -> Bool {
        (1...64).contains(id.utf8.count)
            && id.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
    }
}
