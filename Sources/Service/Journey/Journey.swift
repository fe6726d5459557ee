import Forms
import Foundation
import Peripherals
import Procedures

/// The way of one applicant after the other through the kiosk, as a pure state machine: it takes what happened and
/// returns what to do next. It does no I/O, reads no clock but the one handed in, and starts no task.
///
/// ```swift
/// var journey = Journey(context: context)
/// let effects = journey.handle(.action(ScreenAction(revision: 1, action: "language", value: "vi")), at: .seconds(3))
/// let screen = journey.screen
/// ```
public struct Journey: Sendable {
    public let context: JourneyContext
    var stage = Stage.welcome
    var visit: Visit
    /// "Do you really want to leave?" lies over the stage.
    var isConfirmingCancel = false
    /// The applicant came from the check-answers screen to change one page and goes back there.
    var returnsToReview = false
    /// Shown once on the present screen.
    var notice: Screen.Notice?
    var devices: [DeviceReport] = []
    var cardPresence = CardPresence.absent
    /// Tickets of before the restart that are still offered to whoever stands here.
    var recovered: [RecoveredTicket] = []
    /// Counts up with every change of the screen.
    var revision = 1

    private(set) var now = Duration.zero
    private var lastTouch = Duration.zero
    private var makeKey: @Sendable () -> UUID

    /// - Parameter key: gives a fresh submission key for each visit.
    public init(context: JourneyContext, key: @escaping @Sendable () -> UUID = { UUID() }) {
        self.context = context
        visit = Visit(language: context.locales.languages.first ?? "vi")
        makeKey = key
    }

    /// The screen's name, for the technician: says nothing of the person.
    public var screenID: String { screen.id }

    /// - Parameter now: monotonic time since any fixed moment.
    public mutating func handle(_ event: JourneyEvent, at now: Duration) -> [JourneyEffect] {
        // As it stood before: time alone changes a screen, too.
        let before = screen
        self.now = now
        let effects = react(to: event)
        if !screen.isSame(as: before) { revision += 1 }
        return effects
    }

    private mutating func react(to event: JourneyEvent) -> [JourneyEffect] {
        switch event {
        case .action(let action):
            guard action.revision == revision else { return [] }
            lastTouch = now
            notice = nil
            return act(action)
        case .devices(let reports):
            devices = reports
            return []
        case .tick:
            return tick()
        case .cardPresence(let presence):
            cardPresence = presence
            return cardMoved()
        case .qrScanned(let text):
            lastTouch = now
            return qrScanned(text)
        case .cardProgress(let fraction):
            if case .identify(.reading) = stage { stage = .identify(.reading(min(max(fraction, 0), 1))) }
            return []
        case .cardRead(let result):
            return cardRead(result)
        case .cardFinished(let result):
            return cardFinished(result)
        case .cardFailed(let error):
            return cardFailed(error)
        case .pageScanned(let component, let page):
            touched()
            return pageScanned(component, page)
        case .scanEnded(let batch):
            return scanEnded(batch, nil)
        case .scanFailed(let error, let batch):
            return scanEnded(batch, error)
        case .pagePrepared(let id, let prepared):
            return pagePrepared(id, prepared)
        case .pageNotPrepared(let id):
            return pageNotPrepared(id)
        case .pageRecognised(let id, let text):
            return pageRecognised(id, text)
        case .submitted(let submitted):
            return wasSubmitted(submitted)
        case .submitFailed(let code):
            return submitFailed(code)
        case .printEnded(let outcome):
            return printEnded(outcome)
        case .paperwork(let paperwork):
            visit.paperwork = paperwork
            return []
        case .provedLate(let ticket):
            return provedLate(ticket)
        case .recovered(let tickets):
            return recover(tickets)
        case .lookedUp(let result):
            guard case .lookUp(.searching(let code)) = stage else { return [] }
            stage = .lookUp(result.map(LookUp.found) ?? .asking(notFound: code))
            lastTouch = now
            return []
        }
    }

    // MARK: - Time

    /// Whether the machine is at work for the applicant, who then need not touch anything.
    private var isWorking: Bool {
        switch stage {
        case .identify(.reading), .scan(.scanning), .scan(.preparing), .submitting, .ticket(.printing),
            .lookUp(.searching):
            true
        default: false
        }
    }

    private var isEnded: Bool { if case .ended = stage { true } else { false } }

    /// How long until the visit ends by itself; nil while the warning is not due.
    var idleTimeLeft: Duration? {
        guard stage != .welcome, stage != .thanks, !isEnded, !isWorking else { return nil }
        let idle = now - lastTouch
        return idle >= context.idleTimeout ? context.idleTimeout + context.idleWarning - idle : nil
    }

    private mutating func tick() -> [JourneyEffect] {
        if isWorking { lastTouch = now }
        // The card may have been put back while the failed read was still ending.
        if stage == .identify(.putBack), cardPresence == .present { return cardMoved() }
        if stage == .welcome, !recovered.isEmpty, now - lastTouch >= context.recoveryTime { return giveUpRecovery() }
        if isEnded { return now - lastTouch >= context.idleTimeout ? reset() : [] }
        if stage == .thanks { return now - lastTouch >= context.thanksTime ? reset() : [] }
        guard let left = idleTimeLeft, left <= .zero else { return [] }
        return leave(.timedOut)
    }

    // MARK: - Beginning and end

    /// Ends the visit at whatever point it is. A ticket that its owner gives up is void; one whose owner says nothing may
    /// be in a pocket, so the staff settle it. Neither is called.
    mutating func leave(_ milestone: JourneyMilestone) -> [JourneyEffect] {
        var effects: [JourneyEffect] = []
        switch stage {
        case .identify(.reading): effects.append(.cancelCardRead)
        case .scan(.scanning): effects.append(.cancelScan)
        case .ticket(.unproved), .ticket(.transmitted):
            if let ticket = visit.submitted?.ticket {
                effects.append(milestone == .timedOut ? .leaveTicket(ticket) : .voidTicket(ticket))
            }
        default: break
        }
        effects.append(.record(milestone))
        return effects + reset()
    }

    mutating func reset() -> [JourneyEffect] {
        visit = Visit(language: context.locales.languages.first ?? "vi")
        stage = .welcome
        isConfirmingCancel = false
        returnsToReview = false
        notice = nil
        showRecovered()
        return [.wipe]
    }

    mutating func finish() -> [JourneyEffect] {
        stage = .thanks
        touched()
        return [.record(.finished)]
    }

    /// Something happened that the applicant must have time to read.
    mutating func touched() { lastTouch = now }

    // MARK: - What the visit is about

    var chosenProcedure: ChosenProcedure? {
        if case .procedure(let chosen) = visit.need { chosen } else { nil }
    }

    /// The calendar day in the hall.
    var today: CalendarDate {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = context.timeZone
        let parts = calendar.dateComponents([.year, .month, .day], from: context.clock())
        return CalendarDate(year: parts.year ?? 0, month: parts.month ?? 0, day: parts.day ?? 0) ?? .distantPast
    }

    func text(_ key: String, _ arguments: [String: String] = [:]) -> String {
        context.locales[visit.language].text(key, arguments)
    }

    // MARK: - Submission and ticket

    mutating func submit() -> [JourneyEffect] {
        let key = visit.submissionKey ?? makeKey()
        visit.submissionKey = key
        stage = .submitting
        return [
            .submit(
                Submission(
                    key: key, language: visit.language, procedure: chosenProcedure, citizen: visit.card?.citizen,
                    access: visit.card?.access, verdicts: visit.card?.verdicts, isCardToBeShown: isCardToBeShown,
                    priorityClasses: visit.priorityClasses, form: visit.form,
                    pages: visit.pages, papersAtCounter: visit.papersAtCounter))
        ]
    }

    private mutating func wasSubmitted(_ submitted: Submitted) -> [JourneyEffect] {
        guard case .submitting = stage else { return [.voidTicket(submitted.ticket)] }
        visit.submitted = submitted
        stage = .ticket(.printing)
        return [.printTicket(submitted.ticket)]
    }

    private mutating func submitFailed(_ code: String) -> [JourneyEffect] {
        guard case .submitting = stage else { return [] }
        stage = visit.form == nil ? .priority : .review
        notice = Screen.Notice(kind: .error, text: text("submit.error.\(code)"))
        lastTouch = now
        return []
    }
}
