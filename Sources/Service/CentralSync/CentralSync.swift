import CentralProtocol
import Dossiers
import Foundation
import Logging
import Store

/// Brings the outbox to the centre. Whatever fails, nothing is lost and nothing doubled; when the centre is back,
/// everything goes without a restart.
public actor CentralSync {
    private let store: Store
    private let dossiers: Dossiers
    private let keys: CentreKeys
    private let transport: any CentreTransport
    private let backoff: Backoff
    private let chunkBytes: Int
    private let chance: @Sendable () -> Double
    private let logger = Logger(label: "central-sync")

    private var link = SyncStatus.Link.unknown
    private var trouble: SyncTrouble?
    private var since: Date?
    private var lastReceipt: Date?
    /// Failures of the centre itself in a row, and when to try again.
    private var centreFailures = 0
    private var pausedUntil: Date?
    private var isDraining = false

    /// - Parameters:
    ///   - keys: the centre's, from the enrolment file.
    ///   - chance: 0 to 1, for the back-off.
    public init(
        store: Store, dossiers: Dossiers, keys: CentreKeys, transport: any CentreTransport,
        backoff: Backoff = Backoff(),
        chunkBytes: Int = Limits.chunkBytes, chance: @escaping @Sendable () -> Double = { Double.random(in: 0..<1) }
    ) {
        self.store = store
        self.dossiers = dossiers
        self.keys = keys
        self.transport = transport
        self.backoff = backoff
        self.chunkBytes = chunkBytes
        self.chance = chance
    }

    /// Sends until the task is cancelled: at once when a dossier is recorded, and again when an attempt is due.
    public func run(clock: any Clock<Duration> = ContinuousClock()) async {
        let (wakes, wake) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let signals = store.outboxSignals()
        await withTaskGroup { group in
            group.addTask { for await _ in signals { wake.yield() } }
            wake.yield()
            var timer: Task<Void, Never>?
            for await _ in wakes {
                let delay = await drain()
                timer?.cancel()
                guard let delay else { continue }
                timer = Task {
                    do { try await clock.sleep(for: delay) } catch { return }
                    wake.yield()
                }
            }
            timer?.cancel()
            group.cancelAll()
        }
    }

    /// Tries everything that is due, once.
    /// - Returns: how long until the next attempt is due; nil when nothing waits.
    @discardableResult
    public func drain() async -> Duration? {
        guard !isDraining else { return backoff.first }
        isDraining = true
        defer { isDraining = false }
        do {
            // What is recorded meanwhile is seen by the next round; a round ends when nothing more is due.
            var tried: Set<UUID> = []
            while !Task.isCancelled {
                let now = store.now()
                if let pausedUntil, let wait = wait(until: pausedUntil, from: now) { return wait }
                let pending = try await store.outbox(states: [.pending]).filter {
                    $0.kind == Dossiers.outboxKind && !$0.isHeld
                }
                let due = pending.first { wait(until: $0.nextAttemptAt, from: now) == nil && !tried.contains($0.id) }
                guard let record = due else {
                    return pending.map { wait(until: $0.nextAttemptAt, from: now) ?? backoff.first }.min()
                }
                tried.insert(record.id)
                try await attempt(record)
            }
            return nil
        } catch is CancellationError {
            return nil
        } catch {
            note(.local("\(error)"))
            return pause()
        }
    }

    /// Where it stands; with `probing`, the centre is asked now.
    public func status(probing: Bool = false) async throws -> SyncStatus {
        if probing {
            if let trouble = await transport.check() {
                note(trouble)
            } else if trouble?.isReachability ?? true {
                noteFine()
            }
        }
        return SyncStatus(
            link: link, problem: trouble?.problem, remedy: trouble?.remedy, since: since,
            nextAttempt: trouble == nil ? nil : pausedUntil, pending: try await store.outboxCount(.pending),
            parked: try await store.outboxCount(.parked), lastReceipt: lastReceipt)
    }

    /// What waits or is parked, oldest first.
    public func list() async throws -> [OutboxEntry] {
        var entries: [OutboxEntry] = []
        for record in try await store.outbox() where record.kind == Dossiers.outboxKind {
            guard let dossier = try await dossiers.record(record.id) else { continue }
            entries.append(
                OutboxEntry(
                    id: record.id, provisionalCode: dossier.provisionalCode, procedure: dossier.procedure,
                    createdAt: record.createdAt, sealedBytes: dossier.commit.sealedBytes, state: record.state,
                    attempts: record.attempts, nextAttemptAt: record.nextAttemptAt, reason: record.reason))
        }
        return entries
    }

    /// Puts a parked dossier back into the line and tries at once.
    public func retry(_ id: UUID) async throws {
        try await store.write { try $0.requeue(id) }
        pausedUntil = nil
        await drain()
    }

    private func attempt(_ record: OutboxRecord) async throws {
        guard let dossier = try await dossiers.record(record.id) else {
            try await store.write { try $0.park(record.id, reason: "\(DossierError.unknown(record.id))") }
            return
        }
        switch try await run(dossier) {
        case .done(let receipt):
            try await dossiers.acknowledge(receipt)
            lastReceipt = store.now()
            noteFine()
        case .park(let trouble):
            logger.warning("dossier parked", metadata: ["dossier": "\(record.id)", "reason": "\(trouble.problem)"])
            try await store.write { transaction in
                try transaction.park(record.id, reason: trouble.description)
                try transaction.append(.dossierParked, subject: record.id)
            }
            // The centre answered: it is there.
            noteFine()
        case .later(let trouble):
            note(trouble)
            let delay = backoff.delay(failures: record.attempts + 1, chance: chance())
            let until = store.now().addingTimeInterval(delay.inSeconds)
            if trouble.isCentreWide { pause() }
            try await store.write { transaction in
                // A pause holds everybody; this one's own turn must not come later for it.
                let next = trouble.isCentreWide ? transaction.now : until
                try transaction.postpone(record.id, until: next, reason: trouble.description)
            }
        }
    }

    private func run(_ dossier: DossierRecord) async throws -> SyncEnd {
        var machine = SyncMachine(commit: dossier.commit, keys: keys, chunkBytes: chunkBytes)
        var step = machine.start()
        while true {
            switch step {
            case .end(.later(.damagedOnTheWay)):
                return try await dossiers.isIntact(dossier) ? .later(.damagedOnTheWay) : .park(.sealedFileDamaged)
            case .end(let end): return end
            case .send(let request): step = machine.receive(try await answer(request, dossier))
            }
        }
    }

    private func answer(_ request: SyncRequest, _ dossier: DossierRecord) async throws -> SyncReply {
        guard !Task.isCancelled else { return .failed("stopping") }
        guard case .append(_, let offset, let count) = request else {
            return await transport.send(request, chunk: Data())
        }
        do {
            let chunk = try await dossiers.sealedBytes(of: dossier, at: offset, count: count)
            return await transport.send(request, chunk: chunk)
        } catch DossierError.sealedFileDamaged {
            return .sealedFileDamaged
        }
    }

    /// nil when the moment has come. A moment further off than any back-off was set by a clock that was wrong.
    private func wait(until moment: Date, from now: Date) -> Duration? {
        let wait = Duration.seconds(moment.timeIntervalSince(now))
        return wait <= .zero || wait > backoff.limit + .seconds(60) ? nil : wait
    }

    /// Nobody is tried until the pause is over. - Returns: its length.
    @discardableResult
    private func pause() -> Duration {
        centreFailures += 1
        let delay = min(.seconds(60), backoff.delay(failures: centreFailures, chance: chance()))
        pausedUntil = store.now().addingTimeInterval(delay.inSeconds)
        return delay
    }

    private func note(_ trouble: SyncTrouble) {
        if self.trouble != trouble {
            logger.warning("no sync", metadata: ["reason": "\(trouble)"])
            since = store.now()
        }
        link = .trouble
        self.trouble = trouble
    }

    private func noteFine() {
        if link != .fine { since = store.now() }
        link = .fine
        trouble = nil
        centreFailures = 0
        pausedUntil = nil
    }
}

extension EventName {
    public static let dossierParked = EventName("dossier.parked")
}

extension SyncTrouble {
    /// A probe that succeeds proves this one gone.
    fileprivate var isReachability: Bool {
        switch self {
        case .unreachable, .centreBusy: true
        default: false
        }
    }
}

extension Duration {
    fileprivate var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
