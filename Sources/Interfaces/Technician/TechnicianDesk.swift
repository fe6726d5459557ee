import CardTrust
import CentralSync
import Control
import Foundation
import HallQueue
import Kiosk
import KioskConfiguration
import Logging
import Peripherals
import Store

/// Answers `kioskctl` for the running kiosk.
public struct TechnicianDesk: ControlService {
    let kiosk: Identity
    let devices: KioskDevices
    private let session: KioskSession
    let queue: HallQueue
    let tickets: TicketDesk
    private let store: Store
    /// nil when no centre is configured.
    private let sync: CentralSync?
    private let doctorRounds: DoctorRounds
    let scans: TechnicianScans
    private let startedAt: ContinuousClock.Instant

    /// Who this kiosk is.
    public struct Identity: Sendable {
        public var version: String
        public var kiosk: String
        public var hall: String
        public init(version: String, kiosk: String, hall: String) {
            self.version = version
            self.kiosk = kiosk
            self.hall = hall
        }
    }

    public init(
        kiosk: Identity, devices: KioskDevices, session: KioskSession, queue: HallQueue, tickets: TicketDesk,
        store: Store, sync: CentralSync?, trust: TrustFolder, policy: IdentityPolicy, dataDirectory: URL,
        runtimeDirectory: URL
    ) {
        self.kiosk = kiosk
        self.devices = devices
        self.session = session
        self.queue = queue
        self.tickets = tickets
        self.store = store
        self.sync = sync
        scans = TechnicianScans(
            scanner: devices.scanner, pages: devices.pages, folder: runtimeDirectory.appending(path: "technician-scans")
        )
        startedAt = .now
        doctorRounds = DoctorRounds(
            devices: devices, queue: queue, store: store, sync: sync, trust: trust, policy: policy,
            dataDirectory: dataDirectory, runtimeDirectory: runtimeDirectory)
    }

    public func status() async throws -> StatusCommand.Reply {
        let reports = await devices.reports.reports()
        return StatusCommand.Reply(
            version: kiosk.version, kiosk: kiosk.kiosk, hall: kiosk.hall,
            uptimeSeconds: Int(startedAt.duration(to: .now).components.seconds), screen: await session.screenID,
            ready: reports.allSatisfy(\.ready), devices: reports,
            waitingTickets: try await queue.tickets().count { $0.state == .waiting },
            outbox: try await store.outboxCount(.pending), centre: try await centre(),
            commits: store.commitCount)
    }

    public func devices() async throws -> DevicesCommand.Reply {
        DevicesCommand.Reply(devices: await devices.reports.reports())
    }

    public func readCard(_ command: CardReadCommand) async throws -> CardReadCommand.Reply {
        let key = try await key(command)
        do throws(CardReadError) {
            return CardReadCommand.Reply(try await devices.card.readWhole(key))
        } catch {
            throw Self.fault(error)
        }
    }

    public func traceCard(_ command: CardTraceCommand) async throws -> CardTraceCommand.Reply {
        let key = try await key(command.key)
        let report: CardTraceReport
        do throws(CardReadError) {
            report = try await devices.card.trace(key, masked: !command.unmasked, kioskVersion: kiosk.version)
        } catch {
            throw Self.fault(error)
        }
        guard report.text.utf8.count <= CardTraceCommand.Reply.limit else {
            throw ControlFault(
                code: "trace-too-long", message: "The card's files are too long for an unmasked trace.",
                remedy: "Leave --unmasked out: a masked trace says of a photograph only how long it is.")
        }
        return CardTraceCommand.Reply(report)
    }

    private func key(_ command: CardReadCommand) async throws -> CardKey {
        try await refuseWhileInUse()
        let key: CardKey =
            if let qr = command.qr {
                .qr(qr)
            } else if let can = command.can {
                .can(can)
            } else if let mrz = command.mrz {
                .mrz(mrz)
            } else {
                .qr(try await nextScan())
            }
        // Whoever came meanwhile showed the code: it is theirs.
        try await refuseWhileInUse()
        return key
    }

    public func listQueue() async throws -> QueueListCommand.Reply {
        QueueListCommand.Reply(
            tickets: try await queue.tickets().map {
                .init(
                    number: $0.label, queueClass: $0.queueClass, state: $0.state.rawValue, procedure: $0.procedure,
                    issuedAt: $0.issuedAt.formatted(.iso8601), proof: $0.proof?.rawValue)
            })
    }

    public func listOutbox() async throws -> OutboxListCommand.Reply {
        OutboxListCommand.Reply(
            centre: try await centre(),
            items: try await sync?.list().map {
                .init(
                    dossier: $0.provisionalCode, state: $0.state.rawValue, attempts: $0.attempts,
                    bytes: $0.sealedBytes, reason: $0.reason)
            } ?? [])
    }

    public func doctor() async throws -> DoctorCommand.Reply {
        DoctorCommand.Reply(checks: await doctorRounds.checks())
    }

    public func settle(_ command: QueueSettleCommand) async throws -> QueueSettleCommand.Reply {
        let ticket = try await ticket(command.number)
        do {
            let settled =
                switch command.decision {
                case .confirm: try await queue.confirm(ticket: ticket.id, proof: .shownOnScreen)
                case .void: try await queue.void(ticket: ticket.id, reason: .staff)
                }
            return QueueSettleCommand.Reply(number: settled.label, state: settled.state.rawValue)
        } catch QueueError.wrongState(_, let state) {
            throw ControlFault(
                code: "wrong-state", message: "Ticket \(ticket.label) is \(state.rawValue) already.",
                remedy: "Nothing has to be done for it; what was called is ended at the counter page.")
        }
    }

    public func retryOutbox(_ command: OutboxRetryCommand) async throws -> OutboxRetryCommand.Reply {
        let parked = try await sync?.list().filter { entry in
            entry.state == .parked && (command.dossier.map { $0 == entry.provisionalCode } ?? true)
        }
        guard let sync, let parked, !parked.isEmpty || command.dossier == nil else {
            throw ControlFault(
                code: "no-dossier", message: "No dossier of that code is parked.",
                remedy: "See kioskctl outbox list for the codes.")
        }
        for entry in parked { try await sync.retry(entry.id) }
        return OutboxRetryCommand.Reply(retried: parked.map(\.provisionalCode))
    }

    // MARK: - Parts

    /// One of today's tickets by what stands on it.
    func ticket(_ number: String) async throws -> Ticket {
        let number = number.uppercased()
        guard let ticket = try await queue.tickets().first(where: { $0.label == number }) else {
            throw ControlFault(
                code: "no-ticket", message: "There is no ticket \(number.prefix(10)) today.",
                remedy: "See kioskctl queue list for today's numbers.")
        }
        return ticket
    }

    /// A technician's read or scan must not meet an applicant's.
    func refuseWhileInUse() async throws {
        guard await session.screenID == "welcome" else {
            throw ControlFault(
                code: "kiosk-in-use", message: "Somebody is using the kiosk.",
                remedy: "Wait until the welcome screen stands again.")
        }
    }

    private func centre() async throws -> String {
        guard let sync else { return "none configured" }
        let status = try await sync.status()
        return switch status.link {
        case .unknown: "not asked yet"
        case .fine: "fine"
        case .trouble: status.problem ?? "in trouble"
        }
    }

    /// The next QR code shown to the reader, within half a minute.
    private func nextScan() async throws -> String {
        try await withThrowingTaskGroup(of: String?.self) { group in
            group.addTask {
                for await text in devices.barcode.scans() { return text }
                return nil
            }
            group.addTask {
                try await Task.sleep(for: .seconds(30))
                return nil
            }
            defer { group.cancelAll() }
            guard let text = try await group.next() ?? nil else {
                throw ControlFault(
                    code: "no-qr", message: "No QR code was shown within 30 seconds.",
                    remedy: "Show the card's QR code to the reader, or give --qr, --can or --mrz.")
            }
            return text
        }
    }

    private static func fault(_ error: CardReadError) -> ControlFault {
        let (message, remedy): (String, String) =
            switch error {
            case .noReader: ("There is no card reader.", CardReaderCondition.absent.remedy)
            case .noCard: ("There is no card on the reader.", "Lay a card on the reader and try again.")
            case .notAnIdentityCardQR: ("The text is not an identity card's QR code.", "Use the QR code of the card.")
            case .healthInsuranceQR: ("This is a health-insurance card's QR code.", "Use an identity card.")
            case .wrongKey:
                ("The chip refused the key.", "Check the CAN (the last six digits of the number) or the MRZ.")
            case .otherCard: ("The chip's number is not the one of the QR code.", "Use QR code and chip of one card.")
            case .unproved(let kinds):
                (
                    "The card did not prove: \(kinds.map(\.rawValue).joined(separator: ", ")).",
                    "See `kioskctl trust list` and identity.require in kiosk.yaml."
                )
            case .removed: ("The card left the reader too early.", "Leave the card on the reader and try again.")
            case .unreadable(let step):
                ("The chip cannot be read: \(step).", "Try another card to tell card from reader.")
            case .readerFault(let text): ("The reader failed: \(text).", CardReaderCondition.fault.remedy)
            case .cancelled: ("The read was cancelled.", "Try again.")
            }
        return ControlFault(code: error.code, message: message, remedy: remedy)
    }
}
