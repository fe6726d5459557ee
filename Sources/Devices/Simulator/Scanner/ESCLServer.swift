import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore

/// A driverless document scanner with a feeder and a glass, on HTTP (eSCL), as sane-airscan and other drivers see one.
///
/// ```
/// let scanner = ESCLServer()
/// let port = try await scanner.start()
/// _ = try await scanner.apply(["jam"])
/// await scanner.stop()
/// ```
public actor ESCLServer: FaultTarget {
    private let wantedPort: Int
    private let model: String
    private let serial: String
    private let renderer: PaperRenderer
    private let logger: Logger
    var mechanism: ScannerMechanism
    var pageDelay = Duration.zero
    /// How long the lamp is cold; nil: until it is cleared.
    var warmUpTime: Duration?
    /// Some scanners make themselves a new UUID at each start.
    private var starts = 0
    private var pictures: [Picture: [UInt8]] = [:]
    private let plug = NetworkPlug()
    private var serving: Task<Void, any Error>?
    private var inner: Int?
    /// The port of the last time: switched off and on, it is the same scanner at the same place.
    private var lastPort: Int?
    /// How many pages hosts have begun to fetch.
    public private(set) var pagesFetched = 0
    /// Orders that came although the scanner had no time.
    public private(set) var ordersRefused = 0
    /// The port that it listens on; nil before it runs.
    public private(set) var port: Int?

    private struct Picture: Hashable {
        var name: String
        var position: Int
        var area: ScanArea
    }

    /// - Parameters:
    ///   - port: of the loopback; 0 for any that is free.
    ///   - sheets: what lies in the feeder; the first of them also on the glass.
    ///   - refills: whether the next applicant's papers (the same again) lie in the feeder for every job.
    ///   - renderer: how papers look when scanned.
    public init(
        port: Int = 0, sheets: [PaperSheet] = PaperSheet.applicantPapers, refills: Bool = true,
        model: String = "Kiosk Virtual Scanner", serial: String = "KVS-0001",
        renderer: PaperRenderer = PaperRenderer(),
        logger: Logger = Logger(label: "escl")
    ) {
        self.wantedPort = port
        self.model = model
        self.serial = serial
        self.renderer = renderer
        self.logger = logger
        self.mechanism = ScannerMechanism(
            stack: sheets.map { LoadedSheet(front: $0) }, refills: refills)
    }

    /// Where drivers find it, for example `http://127.0.0.1:8520/eSCL`; nil before it runs.
    public var address: String? { port.map { "http://127.0.0.1:\($0)/eSCL" } }

    /// Starts serving and returns the port.
    public func start() async throws -> Int {
        let server = try await innerPort()
        let port = try await plug.plugIn(lastPort ?? wantedPort, to: server)
        self.port = port
        lastPort = port
        starts += 1
        return port
    }

    /// Stops what `start` started, and waits for it.
    public func stop() async {
        await unplug()
        mechanism.end(.silent)
        serving?.cancel()
        _ = await serving?.result
        serving = nil
        inner = nil
    }

    private func unplug() async {
        await plug.pullOut()
        port = nil
    }

    /// The port of the server behind the plug, which runs on while the scanner is switched off.
    private func innerPort() async throws -> Int {
        if let inner { return inner }
        let (ports, ready) = AsyncThrowingStream.makeStream(of: Int.self)
        var quiet = logger
        // Hosts that hang up and a server that is stopped are everyday here, and no news.
        quiet.logLevel = .critical
        let application = Application(
            router: routes(), configuration: .init(address: .hostname("127.0.0.1", port: 0), serverName: "eSCL"),
            onServerRunning: { channel in ready.yield(channel.localAddress?.port ?? 0) }, logger: quiet)
        serving = Task {
            do {
                try await application.run()
                ready.finish()
            } catch {
                ready.finish(throwing: error)
                throw error
            }
        }
        for try await port in ports {
            inner = port
            return port
        }
        throw CancellationError()
    }

    /// Puts the next applicant's papers into the feeder.
    public func load(_ sheets: [PaperSheet]) { mechanism.load(sheets.map { LoadedSheet(front: $0) }) }

    /// A trouble has begun: what needs a hand of its own happens now.
    func began(_ trouble: ScannerTrouble) async {
        switch trouble {
        case .lost: await unplug()
        case .warmingUp:
            guard let time = warmUpTime else { return }
            // The lamp warms up in real time, as drivers wait for it.
            Task {
                try await Task.sleep(for: time)
                mechanism.end(.warmingUp)
            }
        default: break
        }
    }

    func switchOn() async throws {
        // One that was never started is not switched on by a command.
        guard port == nil, lastPort != nil else { return }
        _ = try await start()
    }

    private var uuid: String { "4509a320-00a0-008f-00b6-\(String(format: "%012x", starts))" }

    private func routes() -> Router<BasicRequestContext> {
        let router = Router()
        router.get("/eSCL/ScannerCapabilities") { _, _ in
            await self.answer()
            return Self.xml(await self.capabilities())
        }
        router.get("/eSCL/ScannerStatus") { _, _ in
            await self.answer()
            return Self.xml(await self.status())
        }
        router.post("/eSCL/ScanJobs") { request, _ in
            await self.answer()
            let body = try await request.body.collect(upTo: ESCLScanSettings.lengthLimit)
            let host = request.head.authority ?? "127.0.0.1"
            return await self.create(Array(body.readableBytesView), host: host)
        }
        router.get("/eSCL/ScanJobs/:job/NextDocument") { _, context in
            await self.answer()
            guard let job = context.parameters.get("job", as: Int.self) else { return Response(status: .notFound) }
            return try await self.nextDocument(job)
        }
        router.delete("/eSCL/ScanJobs/:job") { _, context in
            guard let job = context.parameters.get("job", as: Int.self) else { return Response(status: .notFound) }
            return Response(status: await self.cancel(job) ? .ok : .notFound)
        }
        return router
    }

    /// Returns at once, or, while the scanner is silent, when it speaks again.
    private func answer() async {
        // A request that is given up ends its wait by itself: the loop sees the cancellation.
        while mechanism.has(.silent), !Task.isCancelled { try? await Task.sleep(for: .milliseconds(20)) }
    }

    private func capabilities() -> String {
        mechanism.has(.garbage) ? Self.noXML : ESCLDocuments.capabilities(model: model, serial: serial, uuid: uuid)
    }

    private static let noXML = "<scan:ScannerStatus><pwg:State>Idle</scan:Sca"

    private func status() -> String {
        if mechanism.has(.garbage) { return Self.noXML }
        return ESCLDocuments.status(state: mechanism.state, feeder: mechanism.feederState)
    }

    private func create(_ body: [UInt8], host: String) -> Response {
        guard let settings = ESCLScanSettings(xml: body) else { return Response(status: .badRequest) }
        switch mechanism.order(settings) {
        case .created(let job):
            return Response(status: .created, headers: [.location: "http://\(host)/eSCL/ScanJobs/\(job)"])
        case .busy:
            ordersRefused += 1
            return Response(status: .serviceUnavailable)
        case .refused: return Response(status: .conflict)
        }
    }

    private func nextDocument(_ job: Int) async throws -> Response {
        let wasWarm = !mechanism.has(.warmingUp)
        switch mechanism.next(of: job) {
        case .none: return Response(status: .notFound)
        case .stopped: return Response(status: .conflict)
        case .busy:
            if wasWarm, mechanism.has(.warmingUp) { await began(.warmingUp) }
            return Response(status: .serviceUnavailable)
        case .silent:
            await answer()
            return try await nextDocument(job)
        case .off:
            // Nobody hears the answer.
            await began(.lost)
            return Response(status: .notFound)
        case .sheet(let sheet, let position, let area):
            pagesFetched += 1
            guard try await scanned(job) else { return Response(status: .notFound) }
            let bytes = try await picture(sheet, position, mechanism.has(.wrongSize) ? area.halved : area)
            return PageResponse.make(bytes, spoiled: mechanism.troubles)
        }
    }

    private func cancel(_ job: Int) -> Bool { mechanism.cancel(job) }

    /// The time that the lamp takes for a page.
    ///
    /// - Returns: whether the job still stands at the end of it; a host that deletes the job need not wait.
    private func scanned(_ job: Int) async throws -> Bool {
        let clock = ContinuousClock()
        let end = clock.now + (mechanism.has(.slow) ? pageDelay : .zero)
        while clock.now < end, mechanism.isRunning(job) {
            try await Task.sleep(for: min(.milliseconds(20), end - clock.now))
        }
        return mechanism.isRunning(job)
    }

    /// Draws a page, or takes it from the last time: a demo shows the same few pages again and again.
    private func picture(_ sheet: PaperSheet, _ position: Int, _ area: ScanArea) async throws -> [UInt8] {
        let key = Picture(name: "\(sheet)", position: position, area: area)
        if let known = pictures[key] { return known }
        let renderer = renderer
        let bytes = try await withCheckedThrowingContinuation { continuation in
            // Drawing takes a second: not on the cooperative pool.
            Thread.detachNewThread {
                continuation.resume(
                    with: Result { try renderer.jpeg(sheet, position: position, area: area) })
            }
        }
        if pictures.count > 20 { pictures.removeAll() }
        pictures[key] = bytes
        return bytes
    }

    private static func xml(_ text: String) -> Response {
        Response(
            status: .ok, headers: [.contentType: "text/xml"], body: .init(byteBuffer: ByteBuffer(string: text)))
    }
}
