import Foundation
import GRDB
import Synchronization

/// The kiosk's one database: state, event log and outbox in one SQLite file, so that what belongs together is
/// committed together.
///
/// Every commit is on the disk before `write` returns (WAL with `synchronous=FULL`).
///
/// ```swift
/// let store = try Store(file: folder.appending(path: "kiosk.sqlite"), modules: [HallQueue.schema, Dossiers.schema])
/// let ticket = try await store.write { transaction in
///     let ticket = try queue.reserve(request, in: transaction)
///     try dossiers.record(sealed, ticket: ticket.id, in: transaction)
///     return ticket
/// }
/// ```
public final class Store: Sendable {
    /// The database file.
    public let file: URL
    /// The time as this store's user hands it in.
    public let now: @Sendable () -> Date

    let pool: DatabasePool
    private let commits = Mutex(0)
    private let outboxListeners = Mutex<[UUID: AsyncStream<Void>.Continuation]>([:])

    /// Opens the file, makes it when it is missing, and brings its tables up to date: the store's own first, then each
    /// module's in the order given. Blocks; called once, at start.
    /// - Parameters:
    ///   - file: its folder is made (readable by this user only) when it is missing.
    ///   - now: the clock that stamps events and rows.
    /// - Throws: ``StoreError``.
    public init(file: URL, modules: [StoreModule], now: @escaping @Sendable () -> Date = { Date() }) throws {
        self.file = file
        self.now = now
        do {
            try Self.makePrivate(file)
            var configuration = Configuration()
            configuration.label = "store"
            configuration.foreignKeysEnabled = true
            configuration.busyMode = .timeout(5)
            configuration.maximumReaderCount = 2
            pool = try DatabasePool(path: file.path, configuration: configuration)
            // GRDB sets synchronous=NORMAL on the writer after opening; only FULL survives a power cut in WAL mode.
            try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
            try Self.migrate(pool, [Self.schema] + modules)
        } catch {
            throw StoreError(error, file: file)
        }
    }

    /// Runs `body` in one transaction. When this returns, everything is durable; when it throws, nothing was written.
    /// - Throws: what `body` throws, or ``StoreError``.
    public func write<Value: Sendable>(
        _ body: @escaping @Sendable (Transaction) throws -> Value
    ) async throws -> Value {
        do {
            return try await pool.write { [self] database in
                let before = database.totalChangesCount
                let value = try body(Transaction(database: database, store: self))
                if database.totalChangesCount != before {
                    database.afterNextTransaction { [self] _ in commits.withLock { $0 += 1 } }
                }
                return value
            }
        } catch {
            throw StoreError.translated(error, file: file)
        }
    }

    /// Reads a consistent state of the database; never waits for a writer.
    /// - Throws: what `body` throws, or ``StoreError``.
    public func read<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        do {
            return try await pool.read(body)
        } catch {
            throw StoreError.translated(error, file: file)
        }
    }

    /// How many transactions that changed something were made durable since the store was opened.
    public var commitCount: Int { commits.withLock { $0 } }

    /// Yields after each commit that put something into the outbox. A listener that is slow gets one signal for many.
    public func outboxSignals() -> AsyncStream<Void> {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let id = UUID()
        continuation.onTermination = { [weak self] _ in
            self?.outboxListeners.withLock { _ = $0.removeValue(forKey: id) }
        }
        outboxListeners.withLock { $0[id] = continuation }
        return stream
    }

    func signalOutbox() {
        for continuation in outboxListeners.withLock({ Array($0.values) }) { continuation.yield() }
    }

    /// A stolen disk is met by sealing; other users of this machine are met by the file's mode.
    private static func makePrivate(_ file: URL) throws {
        let manager = FileManager.default
        try manager.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
        if !manager.fileExists(atPath: file.path) {
            guard manager.createFile(atPath: file.path, contents: nil, attributes: [.posixPermissions: 0o600]) else {
                throw CocoaError(.fileWriteUnknown)
            }
        }
    }

    private static func migrate(_ pool: DatabasePool, _ modules: [StoreModule]) throws {
        var migrator = DatabaseMigrator()
        for module in modules {
            for migration in module.migrations {
                migrator.registerMigration("\(module.name)/\(migration.name)") { try $0.execute(sql: migration.sql) }
            }
        }
        guard try pool.read(migrator.hasBeenSuperseded) == false else { throw StoreError.Kind.newerSchema }
        try migrator.migrate(pool)
    }
}
