import Foundation
import Peripherals

/// Where the applicant stands.
enum Stage: Sendable, Equatable {
    case welcome
    case need
    case identify(Identification)
    case priority
    case advice
    /// A page of the form, by its id.
    case form(page: String)
    case scan(ScanActivity)
    case review
    case submitting
    case ticket(TicketStep)
    case lookUp(LookUp)
    case thanks
    /// The visit is over and wiped; only the reason is left to be read.
    case ended(CardReadError)
}

/// How far the identification is.
enum Identification: Sendable, Equatable {
    /// Waits for the QR code of the card.
    case showQR
    /// The QR code is known; waits for the card on the reader.
    case placeCard
    /// The chip is being read; 0 to 1.
    case reading(Double)
    /// The card moved while it was read: it can simply be put back.
    case putBack
    case failed(CardReadError)
    case done
}

enum ScanActivity: Sendable, Equatable {
    /// All papers with their pages.
    case idle
    case scanning(Scanning)
    case failed(ScanError)
    /// The applicant wants to go on, and these components still have no page.
    case missing([String])
    /// One page, large, with what can be done with it.
    case page(String)
    /// Something is wrong with this page: scan it again, or keep it? `goesOn`: the applicant wanted to go on.
    case question(String, goesOn: Bool)
    /// This page is scanned again: the paper has to be laid in first.
    case retake(String, ScanError?)
    /// The applicant wants to go on, and some pages are still being prepared.
    case preparing
}

/// A scan that is running.
struct Scanning: Sendable, Equatable {
    var component: String
    var batch: Int
    /// Pages that give way to the first new one, at their place.
    var replaces: [String] = []
}

/// How far the ticket's paper is.
enum TicketStep: Sendable, Equatable {
    case printing
    case printed
    /// The printer cannot confirm: the applicant does.
    case transmitted
    /// There is no proof of a paper, since that moment.
    case unproved(PrinterCondition, since: Duration)
}

enum LookUp: Sendable, Equatable {
    /// With the code that was not found, to be corrected instead of typed again.
    case asking(notFound: String?)
    case searching(code: String)
    case found(LookUpResult)
}

/// Where a dossier is.
public struct LookUpResult: Sendable, Equatable {
    public enum State: String, Sendable { case waitingToSend = "waiting-to-send", received, refused }
    public var code: String
    public var state: State
    public init(code: String, state: State) {
        self.code = code
        self.state = state
    }
}
