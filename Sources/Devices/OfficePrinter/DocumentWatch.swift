import Peripherals

/// What becomes of a document after CUPS has taken it: decides from what CUPS and the printer say whether to wait, to
/// resume the queue, to give up, and in the end what is known about the paper. Pure.
struct DocumentWatch: Sendable {
    struct Limits: Sendable {
        /// For somebody to put in paper or close a door. Then the job is taken out: nothing comes out for nobody.
        var repair: Duration
        /// For everything.
        var whole: Duration
        /// Between two attempts to resume a queue whose printer can't be asked how it is.
        var resume: Duration

        init(
            repair: Duration = .seconds(180), whole: Duration = .seconds(600), resume: Duration = .seconds(10)
        ) {
            self.repair = repair
            self.whole = whole
            self.resume = resume
        }
    }

    enum Step: Sendable, Equatable {
        case wait
        /// The applicant should know what the job waits for, or that it waits no longer.
        case tell(OfficePrinterCondition)
        /// The queue stopped after an error, which may be gone.
        case resume
        /// CUPS is through with the job: what does the printer itself say? Its answer is for `deviceSays`.
        case askDevice
        /// Take the job out of the queue; then `outcome(takenOut:)`.
        case takeOut(OfficePrinterCondition)
        case ended(DocumentOutcome)
    }

    let pages: Int
    let limits: Limits
    /// Sticks to the queue once it happened: only when it is new does it say something about this job.
    private let hadMissingHistory: Bool
    private var told: OfficePrinterCondition?
    private var troubleSince: Duration?
    private var resumedAt: Duration?
    /// The printer did not answer when it had, or could have had, some of the job.
    private var wasGone = false

    /// - Parameter before: the queue before the job was sent.
    init(pages: Int, before: PrinterSnapshot, limits: Limits = Limits()) {
        self.pages = pages
        self.limits = limits
        hadMissingHistory = before.has(.missingJobHistory)
    }

    /// - Parameters:
    ///   - job: nil when CUPS has forgotten it.
    ///   - now: since the job was sent.
    mutating func see(_ job: JobSnapshot?, _ view: QueueWatch.View, at now: Duration) -> Step {
        guard let job else { return .ended(.failed(.unknown)) }
        if view.device == .silent, job.hasBegun { wasGone = true }
        switch job.state {
        case .completed:
            // RFC 8011 calls a job completed when its sheets are stacked; CUPS when its back end has ended. A printer
            // that lost its jobs under way makes the back end end as if all were well.
            if view.queue.has(.missingJobHistory), !hadMissingHistory { return .ended(.failed(.unknown)) }
            return switch view.device {
            case .notAsked: .ended(.transmitted)
            case .silent: gone(at: now)
            case .answered: .askDevice
            }
        case .canceled, .aborted:
            let why = view.condition.isReady ? .fault : view.condition
            return .ended(job.hasBegun ? .failed(why) : .refused(why))
        case .pending, .held, .processing, .stopped: return waits(view, at: now)
        }
    }

    private mutating func waits(_ view: QueueWatch.View, at now: Duration) -> Step {
        let condition = view.condition
        guard now < limits.whole else { return .takeOut(condition.isReady ? .unknown : condition) }
        guard !condition.isReady else {
            troubleSince = nil
            guard told != nil else { return .wait }
            told = nil
            return .tell(condition)
        }
        let since = troubleSince ?? now
        troubleSince = since
        guard now - since < limits.repair else { return .takeOut(condition) }
        if told != condition {
            told = condition
            return .tell(condition)
        }
        if view.queue.isStoppedByError, mayResume(view, at: now) {
            resumedAt = now
            return .resume
        }
        return .wait
    }

    /// A printer that can be asked says when it is well; another is tried now and then: its back end stops again.
    private func mayResume(_ view: QueueWatch.View, at now: Duration) -> Bool {
        if let resumedAt, now - resumedAt < limits.resume { return false }
        return switch view.device {
        case .answered(let device): device.blocking == nil
        case .silent: false
        case .notAsked: true
        }
    }

    /// CUPS does not answer while the job is with it.
    mutating func cannotLook(_ condition: OfficePrinterCondition, at now: Duration) -> Step {
        cannotLook(condition, at: now, outcome: .failed(condition))
    }

    private mutating func cannotLook(
        _ condition: OfficePrinterCondition, at now: Duration, outcome: DocumentOutcome
    ) -> Step {
        let since = troubleSince ?? now
        troubleSince = since
        if now - since >= limits.repair || now >= limits.whole { return .ended(outcome) }
        guard told != condition else { return .wait }
        told = condition
        return .tell(condition)
    }

    /// Where CUPS calls the job completed: what the printer's own record of it means.
    mutating func deviceSays(_ record: CUPSQueue.DeviceRecord, at now: Duration) -> Step {
        switch record {
        case .noAnswer: gone(at: now)
        // Many keep no list of what they did. But one that was gone has forgotten the job, finished or not.
        case .notListed: .ended(wasGone ? .failed(.unknown) : .transmitted)
        case .job(let job): .ended(outcome(recorded: job))
        }
    }

    private func outcome(recorded job: JobSnapshot) -> DocumentOutcome {
        switch job.state {
        case .completed:
            // Only one that counts says that all is on paper.
            if let sides = job.impressions, sides > 0 { return sides >= pages ? .printed : .failed(.unknown) }
            if let sheets = job.sheets, sheets > 0 { return sheets >= pages ? .printed : .failed(.unknown) }
            return .transmitted
        case .aborted, .canceled: return .failed(.fault)
        case .pending, .held, .processing, .stopped: return .transmitted
        }
    }

    /// A printer whose power is cut while its back end asks for the job makes the back end end as if all were well: only
    /// the printer can tell, once it is back.
    private mutating func gone(at now: Duration) -> Step {
        wasGone = true
        return cannotLook(.offline, at: now, outcome: .failed(.unknown))
    }

    /// The outcome when the job was taken out of the queue.
    /// - Parameter job: as it was then; nil when that is not known.
    func outcome(takenOut job: JobSnapshot?, because condition: OfficePrinterCondition) -> DocumentOutcome {
        guard let job else { return .failed(condition) }
        switch job.state {
        case .completed: return wasGone ? .failed(.unknown) : .transmitted
        case .canceled, .aborted, .pending, .held, .processing, .stopped:
            return job.hasBegun ? .failed(condition) : .refused(condition)
        }
    }
}
