import Foundation

/// What is known about the sheets after a document's print job ended.
public enum DocumentOutcome: Sendable, Equatable {
    /// The printer itself, which counts its sheets, says that all are in the tray.
    case printed
    /// All was handed over; neither the printer nor CUPS can say whether it is on paper.
    case transmitted
    /// Nothing reached the printer: there is no paper, and none will come.
    case refused(OfficePrinterCondition)
    /// Some sheets may be on paper. None more will come: the job was taken out of the queue.
    case failed(OfficePrinterCondition)
}

/// Where a document's print job goes next. It is told before the job goes there.
public enum DocumentStep: Sendable, Equatable {
    /// The document follows: from now on there may be paper.
    case sending(pages: Int)
    /// The queue holds the whole document, under this number of CUPS's. Told again when it waits no longer.
    case queued(job: Int)
    /// The job waits for somebody to do something about the printer; told again when that changes.
    case waiting(OfficePrinterCondition)
}

/// Follows a print job; returns when the step is kept. A job whose `sending` can't be kept is refused.
public typealias DocumentJournal = @Sendable (DocumentStep) async throws -> Void

/// The office printer as the service sees it.
public protocol DocumentPrinting: Sendable {
    func condition() async -> OfficePrinterCondition
    /// The condition now, then each change.
    func conditions() -> AsyncStream<OfficePrinterCondition>
    /// Draws a document on A4, prints it and waits for what becomes of it. Waits for paper and closed doors up to a
    /// limit; ends early, taking the job out of the queue, when the task is cancelled. Never prints it twice.
    /// - Parameter job: names the job in CUPS; nothing of the document does.
    func print(_ document: A4Document, job: UUID, journal: @escaping DocumentJournal) async -> DocumentOutcome
    func report() async -> DeviceReport
    /// What a technician should change although it works.
    func advice() async -> [DeviceAdvice]
}
