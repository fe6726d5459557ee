import Foundation
import Logging

/// One queue of CUPS: what can be asked and told, each a request that blocks for at most its deadline's silence.
struct CUPSQueue: Sendable {
    let server: CUPSServer
    let name: String
    /// For CUPS, which is near.
    var deadline: Duration = .seconds(5)
    /// For the printer itself.
    var deviceDeadline: Duration = .seconds(2)

    /// Begins the name of every job of the kiosk; the rest is the job's id. Nothing personal stands in a job's name.
    static let jobPrefix = "kiosk-"

    static func jobName(_ job: UUID) -> String { jobPrefix + job.uuidString.lowercased() }

    private var uri: String { server.uri(ofQueue: name) }
    private var connection: IPPConnection { IPPConnection(server, deadline: deadline) }

    // MARK: Looking

    func look() throws(IPPFault) -> PrinterSnapshot {
        let answer = try connection.ask(
            IPPRequest(.getPrinterAttributes, of: uri)
                .with("requested-attributes", .keywords(PrinterSnapshot.requested)))
        guard let snapshot = answer.first(.printer).flatMap(PrinterSnapshot.init) else {
            throw .refused(status: 0, "the queue tells no state")
        }
        return snapshot
    }

    /// Asks the printer itself, where the queue's address is one of IPP.
    func lookAtDevice(_ queue: PrinterSnapshot) -> DeviceAnswer {
        guard let uri = queue.deviceURI, let device = IPPConnection(device: uri, deadline: deviceDeadline) else {
            return .notAsked
        }
        do throws(IPPFault) {
            let answer = try device.ask(
                IPPRequest(.getPrinterAttributes, of: Self.withoutUser(uri)).with(
                    "requested-attributes",
                    .keywords(["printer-state", "printer-state-reasons", "printer-is-accepting-jobs"])))
            return answer.first(.printer).flatMap(PrinterSnapshot.init).map(DeviceAnswer.answered) ?? .notAsked
        } catch {
            // It answers, if only to say no: then CUPS alone knows how it is.
            switch error {
            case .unreachable, .broken: return .silent
            case .denied, .notFound, .refused: return .notAsked
            }
        }
    }

    /// nil: CUPS has forgotten the job.
    func job(_ id: Int) throws(IPPFault) -> JobSnapshot? {
        do throws(IPPFault) {
            return try connection.ask(
                IPPRequest(.getJobAttributes, of: uri, job: id)
                    .with("requested-attributes", .keywords(JobSnapshot.requested))
            ).first(.job).flatMap(JobSnapshot.init)
        } catch .notFound {
            return nil
        }
    }

    /// The kiosk's own jobs that are not over yet, whichever process sent them.
    func openJobs() throws(IPPFault) -> [JobSnapshot] {
        try jobs(connection, of: uri, which: "not-completed").filter {
            $0.name?.hasPrefix(Self.jobPrefix) ?? false
        }
    }

    /// Takes out what an earlier process of the kiosk left there: it must never come out.
    /// - Returns: whether that is done; if not, CUPS did not answer.
    func sweep(_ logger: Logger) -> Bool {
        do throws(IPPFault) {
            for job in try openJobs() {
                try purge(job.id)
                logger.notice("A job left from before was taken out of the queue", metadata: ["job": "\(job.id)"])
            }
            return true
        } catch {
            return error == .notFound
        }
    }

    enum DeviceRecord: Sendable, Equatable {
        case job(JobSnapshot)
        /// It answered, and knows no such job.
        case notListed
        case noAnswer
    }

    /// What the printer itself has written down about a job that CUPS sent it under this name.
    func deviceRecord(of job: UUID, _ queue: PrinterSnapshot) -> DeviceRecord {
        guard let uri = queue.deviceURI, let device = IPPConnection(device: uri, deadline: deviceDeadline) else {
            return .noAnswer
        }
        do throws(IPPFault) {
            let jobs = try jobs(device, of: Self.withoutUser(uri), which: "completed")
            return jobs.last { $0.name?.contains(Self.jobName(job)) ?? false }.map(DeviceRecord.job) ?? .notListed
        } catch {
            return .noAnswer
        }
    }

    private func jobs(
        _ connection: IPPConnection, of target: String, which: String
    ) throws(IPPFault) -> [JobSnapshot] {
        try connection.ask(
            IPPRequest(.getJobs, of: target)
                .with("limit", .integers([100]))
                .with("requested-attributes", .keywords(JobSnapshot.requested))
                .with("which-jobs", .keywords([which]))
        ).all(.job).compactMap(JobSnapshot.init)
    }

    /// RFC 3510: a name and a password in an address are for the transport, not for the request.
    private static func withoutUser(_ uri: String) -> String {
        uri.replacing(/:\/\/[^\/]*@/, with: "://")
    }

    // MARK: Doing

    enum Format: String, Sendable {
        case pdf = "application/pdf"
        /// Passed on to the back end byte for byte.
        case raw = "application/vnd.cups-raw"
    }

    /// Hands a job over whole.
    /// - Returns: CUPS's number of it.
    func submit(_ data: Data, as format: Format, job: UUID) throws(IPPFault) -> Int {
        var request = IPPRequest(.printJob, of: uri)
            .with("job-name", .name(Self.jobName(job)))
            .with("document-format", .mimeType(format.rawValue))
        if format == .pdf {
            request.add("media", .keywords(["iso_a4_210x297mm"]), to: .job)
            request.add("sides", .keywords(["one-sided"]), to: .job)
        }
        let answer = try connection.ask(request, resource: "/printers/\(name)", document: data)
        guard let id = answer.first(.job)?.integer("job-id") else { throw .refused(status: 0, "no number of a job") }
        return id
    }

    /// Takes a job out of the queue, with its document: CUPS would keep that for a day.
    func purge(_ id: Int) throws(IPPFault) {
        do throws(IPPFault) {
            _ = try connection.ask(
                IPPRequest(.cancelJob, of: uri, job: id).with("purge-job", .flag(true)), resource: "/jobs/")
        } catch .notFound {
            // It is gone already.
        }
    }

    /// Stops a job; CUPS still knows it afterwards.
    func cancel(_ id: Int) throws(IPPFault) {
        do throws(IPPFault) {
            _ = try connection.ask(IPPRequest(.cancelJob, of: uri, job: id), resource: "/jobs/")
        } catch .notFound {
            // It is gone already.
        } catch .refused {
            // It is over already (RFC 8011, 4.3.3: client-error-not-possible).
        }
    }

    /// Lets a queue that stopped go on.
    func resume() throws(IPPFault) {
        _ = try connection.ask(IPPRequest(.resumePrinter, of: uri), resource: "/admin/")
    }

    // MARK: Events

    /// What is watched: changes of the queue and of its jobs.
    private static let events = [
        "printer-state-changed", "printer-config-changed", "job-state-changed", "job-progress",
    ]

    /// RFC 3995, 11.1.1: events that are fetched.
    func subscribe(leaseSeconds: Int) throws(IPPFault) -> Int {
        let answer = try connection.ask(
            IPPRequest(.createPrinterSubscriptions, of: uri)
                .with("notify-pull-method", .keywords(["ippget"]), in: .subscription)
                .with("notify-events", .keywords(Self.events), in: .subscription)
                .with("notify-lease-duration", .integers([leaseSeconds]), in: .subscription))
        guard let id = answer.first(.subscription)?.integer("notify-subscription-id") else {
            throw .refused(status: 0, "no number of a subscription")
        }
        return id
    }

    func renew(_ subscription: Int, leaseSeconds: Int) throws(IPPFault) {
        _ = try connection.ask(
            IPPRequest(.renewSubscription, of: uri)
                .with("notify-subscription-id", .integers([subscription]))
                .with("notify-lease-duration", .integers([leaseSeconds]), in: .subscription))
    }

    func unsubscribe(_ subscription: Int) throws(IPPFault) {
        _ = try connection.ask(
            IPPRequest(.cancelSubscription, of: uri).with("notify-subscription-id", .integers([subscription])))
    }

    /// RFC 3996, 5: what happened since the event before `sequence`, oldest first.
    func events(of subscription: Int, from sequence: Int) throws(IPPFault) -> [QueueEvent] {
        try connection.ask(
            IPPRequest(.getNotifications, of: uri)
                .with("notify-subscription-ids", .integers([subscription]))
                .with("notify-sequence-numbers", .integers([sequence]))
        ).all(.event).compactMap(QueueEvent.init)
    }
}
