import Foundation
import Peripherals

/// What happens to a journey from outside. Each comes with the time at which it happened.
public enum JourneyEvent: Sendable {
    case action(ScreenAction)
    case qrScanned(String)
    case cardPresence(CardPresence)
    case cardProgress(Double)
    /// The holder is known; the rest of the card is still being read.
    case cardRead(CardReadResult)
    /// The rest was read, too.
    case cardFinished(CardReadResult)
    case cardFailed(CardReadError)
    case pageScanned(component: String, VisitPage)
    case scanEnded(batch: Int)
    case scanFailed(ScanError, batch: Int)
    case pagePrepared(id: String, PreparedPage)
    /// The page stays as it was scanned.
    case pageNotPrepared(id: String)
    case pageRecognised(id: String, RecognisedText)
    case submitted(Submitted)
    /// Nothing was recorded; the code names the locale text `submit.error.<code>`.
    case submitFailed(code: String)
    case printEnded(PrintOutcome)
    /// How the papers at the office printer are getting on.
    case paperwork(Paperwork)
    /// A printer confirmed this ticket's failed paper after all.
    case provedLate(UUID)
    /// At start: tickets that a power cut or a crash left without proof, newest first.
    case recovered([RecoveredTicket])
    /// nil: no dossier of that code is known here.
    case lookedUp(LookUpResult?)
    case devices([DeviceReport])
    /// Comes about once a second.
    case tick
}

/// What a journey asks the world to do. The world answers with events.
public enum JourneyEffect: Sendable {
    /// What `needs` lists must be proved, or be beyond proof, before the holder is told.
    case readCard(CardKey, needs: Set<CardVerdicts.Kind>)
    case cancelCardRead
    /// Each page of it comes with the batch's number.
    case scan(component: String, batch: Int)
    case cancelScan
    case preparePage(component: String, VisitPage)
    /// In the background: nobody waits for it.
    case recognisePage(component: String, VisitPage)
    /// Ends what is being done to the page, and removes its files.
    case deletePage(VisitPage)
    case submit(Submission)
    case printTicket(UUID)
    /// A second paper, marked when a first one may exist.
    case reprintTicket(UUID)
    /// The ticket may be called now: the applicant said that the number is on paper or noted. A printer's own proof
    /// needs no word of the journey.
    case confirmTicket(UUID, PaperProof)
    case voidTicket(UUID)
    /// Nobody said whether the number is theirs: the staff settle it.
    case leaveTicket(UUID)
    case lookUp(code: String)
    /// Forget everything of this visit: files, texts, results still on their way.
    case wipe
    /// For the event log; holds no personal data.
    case record(JourneyMilestone)
}

/// Why a ticket may be called.
public enum PaperProof: String, Sendable, Equatable {
    /// The applicant has the paper, though the printer can't tell.
    case transmitted
    case shownOnScreen = "shown-on-screen"
}

/// What the event log says of a visit. That it was submitted stands there with its ticket, in one commit.
public enum JourneyMilestone: String, Sendable, CaseIterable {
    case started, identified, identificationSkipped = "identification-skipped", formCompleted = "form-completed"
    case papersScanned = "papers-scanned", submitted, finished, cancelled, timedOut = "timed-out"
    case cardMismatch = "card-mismatch"
}
