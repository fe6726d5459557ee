import HallQueue
import Hummingbird
import Journey
import Logging
import ServiceLifecycle
import Synchronization

/// Why the pages are not served.
public enum WebError: Error, Equatable, CustomStringConvertible {
    case cannotListen(host: String, port: Int, reason: String)

    public var description: String {
        switch self {
        case .cannotListen(let host, let port, let reason):
            "The screens can't be served at \(host):\(port): \(reason). Stop the program that listens there, or "
                + "set another web address or port."
        }
    }
}

/// The kiosk's web server: the touchscreen's page, the hall display, the counters' pages, and the API below them.
///
/// ```swift
/// let web = try Web(touchscreen: kiosk, desk: hall, settings: WebServerSettings(port: 8480), logger: logger) { port in
///     logger.info("screen", metadata: ["url": "http://127.0.0.1:\(port)/"])
/// }
/// ServiceGroup(services: [web], logger: logger)
/// ```
/// A graceful shutdown ends the event streams at once, then the open requests.
public struct Web: Service {
    private let touchscreen: any Touchscreen
    private let desk: any HallDesk
    private let settings: WebServerSettings
    private let assets: Assets
    private let logger: Logger
    private let onListening: @Sendable (Int) async -> Void

    /// - Parameters:
    ///   - onListening: called once with the bound port, when requests are served.
    /// - Throws: `AssetsError` when the pages' files can't be read.
    public init(
        touchscreen: any Touchscreen, desk: any HallDesk, settings: WebServerSettings = WebServerSettings(),
        logger: Logger,
        onListening: @escaping @Sendable (Int) async -> Void = { _ in }
    ) throws(AssetsError) {
        self.touchscreen = touchscreen
        self.desk = desk
        self.settings = settings
        self.assets = try Assets(directory: settings.resources ?? WebServerSettings.packagedResources)
        self.logger = logger
        self.onListening = onListening
    }

    /// Serves until the task is cancelled or a graceful shutdown begins.
    ///
    /// - Throws: `WebError.cannotListen` when the address is taken or not this machine's.
    public func run() async throws {
        let isListening = Mutex(false)
        do {
            try await serve { isListening.withLock { $0 = true } }
        } catch {
            guard !isListening.withLock({ $0 }), !(error is CancellationError) else { throw error }
            throw WebError.cannotListen(host: settings.host, port: settings.port, reason: "\(error)")
        }
    }

    private func serve(started: @escaping @Sendable () -> Void) async throws {
        let application = Application(
            router: router(),
            configuration: ApplicationConfiguration(
                address: .hostname(settings.host, port: settings.port), serverName: nil),
            onServerRunning: { [settings, onListening] channel in
                started()
                await onListening(channel.localAddress?.port ?? settings.port)
            },
            logger: logger)
        try await application.run()
    }

    func router() -> Router<WebContext> {
        let router = Router(context: WebContext.self)
        router.addMiddleware {
            SecurityHeaders()
            ErrorAnswers()
            HostGuard(names: settings.hostNames)
            SameOriginGuard()
        }
        router.get("health") { [assets] _, _ in
            Response.json(Health(status: "ok", assets: assets.version))
        }
        PageRoutes(assets: assets).add(to: router)
        KioskRoutes(touchscreen: touchscreen, streams: streams).add(to: router)
        HallRoutes(desk: desk, streams: streams).add(to: router)
        return router
    }

    private var streams: EventStreams {
        EventStreams(keepAlive: settings.keepAlive, assetsVersion: assets.version)
    }

    private struct Health: Encodable {
        var status: String
        var assets: String
    }
}
