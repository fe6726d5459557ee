import CentralProtocol
import Foundation
import HostSystem
import Hummingbird
import Logging
import ServiceLifecycle
import Synchronization

/// The centre: takes sealed dossiers from kiosks, opens and keeps them, and shows them to staff.
///
/// Everything lies below one data folder: `centre.sqlite`, `keys/`, `uploads/`, `dossiers/`, `enrolments/`.
public struct CentralServer: Service {
    /// The public keys, as kiosks get them.
    public let keys: CentreKeys

    private let data: URL
    private let host: String
    private let port: Int
    private let now: @Sendable () -> Date
    private let logger: Logger
    private let onReady: @Sendable (Int) async -> Void
    private let register: KioskRegister
    private let kioskRoutes: KioskRoutes
    private let staffRoutes: StaffRoutes

    /// Makes keys, folders and tables where they are missing. Blocks; called once, at start.
    /// - Parameters:
    ///   - host: a loopback address. TLS is the reverse proxy's.
    ///   - port: 0 takes a free one.
    ///   - hostNames: names by which staff may call the centre, besides IP addresses and `localhost`.
    ///   - onReady: called with the port when requests are taken.
    /// - Throws: ``CentreError``, or a `FileFault`.
    public init(
        data: URL, host: String = "127.0.0.1", port: Int = 0, hostNames: [String] = [],
        now: @escaping @Sendable () -> Date = { Date() },
        logger: Logger = Logger(label: "kiosk-central"), onReady: @escaping @Sendable (Int) async -> Void = { _ in }
    ) throws {
        guard ["127.0.0.1", "::1", "localhost"].contains(host) else { throw CentreError.notLoopback(host) }
        try DurableFile.makeFolder(data)
        let keyring = try CentreKeyring(folder: data.appending(path: "keys"))
        let database: CentreDatabase
        do { database = try CentreDatabase(file: data.appending(path: "centre.sqlite")) } catch {
            throw CentreError.database("\(error)")
        }
        let archive = try DossierArchive(folder: data.appending(path: "dossiers"), database: database)
        let uploads = try UploadStore(folder: data.appending(path: "uploads"), database: database)
        keys = keyring.publicKeys
        register = KioskRegister(database: database)
        kioskRoutes = KioskRoutes(
            register: register, uploads: uploads,
            intake: DossierIntake(keyring: keyring, database: database, uploads: uploads, archive: archive), keys: keys,
            now: now)
        staffRoutes = StaffRoutes(archive: archive, hostNames: hostNames)
        self.data = data
        self.host = host
        self.port = port
        self.now = now
        self.logger = logger
        self.onReady = onReady
    }

    /// Enrols a kiosk with a new secret, and writes its enrolment file to `enrolments/KIOSK.json`. Blocks.
    @discardableResult
    public func enroll(_ kiosk: String) throws -> Enrolment {
        let enrolment = try register.enroll(kiosk, keys: keys, at: now())
        let file = enrolmentFile(kiosk)
        try DurableFile.makeFolder(file.deletingLastPathComponent())
        try DurableFile.write(JSONEncoder().encode(enrolment), to: file)
        return enrolment
    }

    /// Enrols a kiosk unless its enrolment file is there and still counts. Blocks.
    public func ensureEnrolled(_ kiosk: String) throws {
        guard Limits.isCode(kiosk) else { throw CentreError.badKioskID(kiosk) }
        if let there = try? Enrolment(contentsOf: enrolmentFile(kiosk)), there.keys == keys, try register.accepts(there)
        {
            return
        }
        try enroll(kiosk)
    }

    public func enrolmentFile(_ kiosk: String) -> URL {
        data.appending(path: "enrolments").appending(path: "\(kiosk).json")
    }

    /// Serves until the task is cancelled or the service group shuts down.
    ///
    /// - Throws: ``FolderInUse`` when another centre has the data folder, ``CentreError/cannotListen(_:port:reason:)``.
    public func run() async throws {
        try await FolderLock.holding(data) {
            try await staffRoutes.archive.removeUnfinished()
            try await serve()
        }
    }

    private func serve() async throws {
        let router = Router(context: BasicRequestContext.self)
        router.add(middleware: ProblemMiddleware(logger: logger))
        router.get("/health") { _, _ in
            Response(
                status: .ok, headers: [.contentType: "application/json"],
                body: .init(byteBuffer: ByteBuffer(string: #"{"status":"ok"}"#)))
        }
        kioskRoutes.add(to: router)
        staffRoutes.add(to: router)
        let isListening = Mutex(false)
        let application = Application(
            router: router, configuration: .init(address: .hostname(host, port: port), serverName: "kiosk-central"),
            onServerRunning: { [onReady] channel in
                isListening.withLock { $0 = true }
                await onReady(channel.localAddress?.port ?? 0)
            }, logger: logger)
        do {
            try await application.run()
        } catch {
            guard !isListening.withLock({ $0 }), !(error is CancellationError) else { throw error }
            throw CentreError.cannotListen(host, port: port, reason: "\(error)")
        }
    }
}
