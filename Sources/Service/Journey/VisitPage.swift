import Foundation
import Peripherals
import Procedures

/// A page scanned in this visit.
public struct VisitPage: Sendable, Equatable, Identifiable {
    public var id: String
    /// As the scanner gave it; its file is gone when the page was prepared.
    public var scan: ScannedPage
    /// Which scan of the visit it came with: the pages of one stack have one number.
    public var batch: Int
    var preparation = Preparation.running
    /// QR and bar codes on it, without those of identity cards and insurance cards: they are personal.
    public private(set) var codes: [PageCode] = []
    /// What is wrong with it and not decided yet, worst first.
    public internal(set) var openFindings: [PageFinding] = []
    /// What is wrong with it, and the applicant keeps it all the same.
    public internal(set) var keptFindings: [PageFinding] = []
    /// Its invisible text, once it was read.
    public private(set) var layer: URL?
    /// Whether its text is that of the paper; nil while it was not read. The text itself is not kept.
    var verdict: PaperWords.Verdict?

    enum Preparation: Sendable, Equatable {
        case running
        case done(ScannedPage)
        /// The scan is used as it is.
        case failed
    }

    public init(id: String, scan: ScannedPage, batch: Int) {
        self.id = id
        self.scan = scan
        self.batch = batch
    }

    /// What the applicant sees and what goes into the document: prepared, or as it was scanned.
    public var picture: ScannedPage {
        if case .done(let page) = preparation { page } else { scan }
    }

    public var isPrepared: Bool { if case .done = preparation { true } else { false } }
    var isBeingPrepared: Bool { preparation == .running }
    var isBlank: Bool { openFindings.contains(.empty) }
    /// Not the same paper is to be scanned again, but the right one.
    var isAnotherPaper: Bool { !Set(openFindings).isDisjoint(with: [.wrongPaper, .identityCard]) }

    mutating func take(_ prepared: PreparedPage, codes: [PageCode], findings: [PageFinding]) {
        preparation = .done(prepared.page)
        self.codes = codes
        openFindings = findings
    }

    mutating func take(_ text: RecognisedText, _ verdict: PaperWords.Verdict) {
        layer = text.layer
        self.verdict = verdict
    }

    mutating func keep() {
        keptFindings += openFindings.filter { !keptFindings.contains($0) }
        openFindings = []
    }
}
