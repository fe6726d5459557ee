import HTTPTypes
import HallQueue
import Hummingbird

/// `/api/display` and `/api/counter`: the hall display's and the counters' events, and what the staff do.
struct HallRoutes {
    let desk: any HallDesk
    let streams: EventStreams

    private struct Counter: Encodable {
        var number: Int
        var label: String
    }

    func add(to router: Router<WebContext>) {
        router.get("api/display/events") { request, _ in
            streams.response(to: request, event: "display", of: await desk.displays())
        }
        router.get("api/counters") { _, _ in
            Response.json(await desk.counters.map { Counter(number: $0.number, label: $0.label) })
        }
        let counter = router.group("api/counter/:number")
        counter.get("events") { request, context in
            let number = try Self.number(in: context)
            return streams.response(to: request, event: "counter", of: try await desk.views(counter: number))
        }
        counter.post("call-next") { _, context in
            Response.json(try await desk.callNext(counter: try Self.number(in: context)))
        }
        counter.post("recall") { _, context in
            Response.json(try await desk.recall(counter: try Self.number(in: context)))
        }
        counter.post("finish") { _, context in
            Response.json(try await desk.finish(counter: try Self.number(in: context)))
        }
        counter.post("no-show") { _, context in
            Response.json(try await desk.noShow(counter: try Self.number(in: context)))
        }
    }

    private static func number(in context: WebContext) throws -> Int {
        guard let number = Int(context.parameters.get("number") ?? "") else { throw CounterError.unknownCounter }
        return number
    }
}
