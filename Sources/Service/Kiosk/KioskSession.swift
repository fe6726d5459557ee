import Foundation
import Journey
import Logging
import Peripherals
import Store

/// The touchscreen's counterpart: drives the journey with the real devices, one visit after the other.
///
/// The journey decides, this actor acts. What it started for one visit can never reach the next: each task carries the
/// number of its visit, and answers of another visit are dropped.
public actor KioskSession: Touchscreen {
    private var journey: Journey
    let devices: KioskDevices
    private let desk: SubmissionDesk
    let tickets: TicketDesk
    /// nil where no office printer is configured.
    private let paperworkDesk: PaperworkDesk?
    let folder: VisitFolder
    let logger: Logger
    /// Monotonic time since any fixed moment.
    private let elapsed: @Sendable () -> Duration

    var visitNumber = 0
    private var cardRead: Task<Void, Never>?
    var scan: Task<Void, Never>?
    /// Where each page's picture lies.
    var pictures: [String: URL] = [:]
    /// nil until the visit's first page comes.
    var pageWork: PageWork?
    private var paperwork: PaperworkRun?
    /// How this visit's paper ended, until the next one begins.
    var paperEnd: PrintOutcome?
    private var screenListeners: [UUID: AsyncStream<Screen>.Continuation] = [:]

    /// - Parameters:
    ///   - recovered: what a restart left without proof.
    ///   - elapsed: monotonic time since any fixed moment.
    public init(
        journey: Journey, devices: KioskDevices, desk: SubmissionDesk, tickets: TicketDesk,
        paperwork: PaperworkDesk? = nil, folder: VisitFolder,
        recovered: [RecoveredTicket] = [], logger: Logger, elapsed: @escaping @Sendable () -> Duration
    ) {
        self.journey = journey
        self.devices = devices
        self.desk = desk
        self.tickets = tickets
        paperworkDesk = paperwork
        self.folder = folder
        self.logger = logger
        self.elapsed = elapsed
        if !recovered.isEmpty { _ = self.journey.handle(.recovered(recovered), at: elapsed()) }
    }

    // MARK: - Touchscreen

    public func screens() -> AsyncStream<Screen> {
        let id = UUID()
        let (stream, continuation) = AsyncStream.makeStream(of: Screen.self, bufferingPolicy: .bufferingNewest(1))
        continuation.onTermination = { [weak self] _ in
            Task { await self?.forgetListener(id) }
        }
        screenListeners[id] = continuation
        continuation.yield(journey.screen)
        return stream
    }

    public func perform(_ action: ScreenAction) -> Screen {
        handle(.action(action))
        return journey.screen
    }

    public func pagePicture(_ id: String) -> URL? { pictures[id] }

    /// Which screen stands now, for the technician.
    public var screenID: String { journey.screenID }

    private func forgetListener(_ id: UUID) { screenListeners[id] = nil }

    // MARK: - Running

    /// Listens to the devices and lets time pass, until the task is cancelled.
    public func run(tick: Duration = .seconds(1)) async {
        await withDiscardingTaskGroup { group in
            group.addTask {
                for await presence in self.devices.card.presence() { await self.handle(.cardPresence(presence)) }
            }
            group.addTask {
                for await text in self.devices.barcode.scans() { await self.handle(.qrScanned(text)) }
            }
            group.addTask {
                for await reports in await self.devices.reports.reportChanges() { await self.handle(.devices(reports)) }
            }
            group.addTask {
                for await condition in self.devices.printer.conditions() { await self.printer(is: condition) }
            }
            group.addTask {
                for await job in self.devices.printer.lateProofs() { await self.provedLate(job) }
            }
            group.addTask {
                do {
                    while true {
                        try await Task.sleep(for: tick)
                        await self.handle(.tick)
                    }
                } catch {
                    // The task was cancelled: the daemon stops.
                }
            }
        }
    }

    func handle(_ event: JourneyEvent) {
        let before = journey.screen
        let effects = journey.handle(event, at: elapsed())
        let screen = journey.screen
        if screen != before {
            for listener in screenListeners.values { listener.yield(screen) }
        }
        for effect in effects { perform(effect) }
    }

    /// For answers of tasks: dropped when their visit is over.
    func deliver(_ event: JourneyEvent, of visit: Int) {
        guard visit == visitNumber else { return }
        handle(event)
    }

    // MARK: - Effects

    private func perform(_ effect: JourneyEffect) {
        switch effect {
        case .readCard(let key, let needs): startCardRead(key, needs)
        case .cancelCardRead: cardRead?.cancel()
        case .scan(let component, let batch): startScan(component, batch)
        case .cancelScan: scan?.cancel()
        case .preparePage(let component, let page): prepare(page, of: component)
        case .recognisePage(let component, let page): pageWork?.recognise(page, of: component)
        case .deletePage(let page): deletePage(page)
        case .submit(let submission): submit(submission)
        case .printTicket(let ticket): print(ticket) { try await $0.print(ticket) }
        case .reprintTicket(let ticket):
            let before = paperEnd
            print(ticket) { try await $0.reprint(ticket, ending: before) }
        case .confirmTicket(let ticket, let proof):
            untilRecorded("confirm the ticket") { try await self.tickets.confirm(ticket, proof) }
        case .voidTicket(let ticket):
            untilRecorded("void the ticket") { try await self.tickets.void(ticket) }
        case .leaveTicket(let ticket):
            untilRecorded("leave the ticket to the staff") { try await self.tickets.leave(ticket) }
        case .lookUp(let code): lookUp(code)
        case .wipe: wipe()
        case .record(let milestone):
            inBackground("record \(milestone.rawValue)") { try await self.desk.record(milestone) }
        }
    }

    private func startCardRead(_ key: CardKey, _ needs: Set<CardVerdicts.Kind>) {
        let visit = visitNumber
        cardRead?.cancel()
        // The reader does one thing at a time: it begins when an earlier read has let go of it.
        cardRead = Task {
            for await event in devices.card.read(key, needs: needs) {
                switch event {
                case .progress(let fraction): self.deliver(.cardProgress(fraction), of: visit)
                case .holder(let result): self.deliver(.cardRead(result), of: visit)
                case .finished(let result): self.deliver(.cardFinished(result), of: visit)
                case .failed(let error):
                    logger.notice("card not read", metadata: ["error": "\(error.code)"])
                    self.deliver(.cardFailed(error), of: visit)
                }
            }
        }
    }

    private func submit(_ submission: Submission) {
        let visit = visitNumber
        Task {
            do {
                let submitted = try await desk.submit(submission, folder: folder.url)
                self.deliver(.submitted(submitted), of: visit)
                self.startPaperwork(submission, submitted, of: visit)
            } catch {
                logger.error("not submitted", metadata: ["error": "\(error)"])
                self.deliver(.submitFailed(code: SubmissionDesk.Failure(error).rawValue), of: visit)
            }
        }
    }

    /// In the background: nobody waits for it.
    private func startPaperwork(_ submission: Submission, _ submitted: Submitted, of visit: Int) {
        guard visit == visitNumber, let paperworkDesk, let printer = devices.documents else { return }
        let documents = paperworkDesk.documents(of: submission, submitted)
        guard !documents.isEmpty else { return }
        paperwork = PaperworkRun(documents, printer: printer, logger: logger) { [weak self] news in
            await self?.deliver(.paperwork(news), of: visit)
        }
    }

    private func lookUp(_ code: String) {
        let visit = visitNumber
        Task {
            do {
                self.deliver(.lookedUp(try await desk.lookUp(code)), of: visit)
            } catch {
                logger.error("look-up failed", metadata: ["error": "\(error)"])
                self.deliver(.lookedUp(nil), of: visit)
            }
        }
    }

    private func inBackground(_ what: String, _ work: @escaping @Sendable () async throws -> Void) {
        Task { [logger] in
            do {
                try await work()
            } catch {
                logger.error("could not \(what)", metadata: ["error": "\(error)"])
            }
        }
    }

    /// Forgets the visit: what runs for it is cancelled, its files are removed, its late answers go nowhere.
    private func wipe() {
        visitNumber += 1
        cardRead?.cancel()
        scan?.cancel()
        pageWork?.end()
        pageWork = nil
        pictures = [:]
        paperEnd = nil
        paperwork?.visitEnded()
        paperwork = nil
        do {
            try folder.wipe()
        } catch {
            logger.critical("the visit's files could not be removed", metadata: ["error": "\(error)"])
        }
    }
}
