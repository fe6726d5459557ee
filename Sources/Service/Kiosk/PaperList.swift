import Journey
import Peripherals
import Procedures

/// `papers.json`: what became of each paper of the dossier, for the officer who checks it.
struct PaperList: Codable, Equatable {
    struct Paper: Codable, Equatable {
        enum State: String, Codable {
            case scanned
            /// Handed in at the counter, because it could not be scanned.
            case atCounter = "at-counter"
            /// Not scanned: shown at the counter.
            case toBeShown = "to-be-shown"
            case notGiven = "not-given"
        }
        var component: String
        var label: String
        /// `NOP` handed in, `XUAT_TRINH` only shown: also a scan of it is no more than shown.
        var handling: DossierComponent.Handling
        var state: State
        /// nil when it was not scanned.
        var file: String?
        var pages: [Page]
    }

    struct Page: Codable, Equatable {
        /// What was found wrong, and the applicant kept the page all the same: ``PageFinding`` codes.
        var keptAlthough: [String]
        /// Found and never decided on.
        var undecided: [String]
        /// false: the page is as the scanner gave it.
        var isPrepared: Bool
        /// QR and bar codes; never an identity card's.
        var codes: [PageCode]
    }

    var papers: [Paper]

    init(_ submission: Submission, _ procedure: ChosenProcedure) {
        papers = procedure.version.components.map { Paper($0, submission) }
    }

    static func fileName(of component: DossierComponent) -> String { "\(component.id).pdf" }
}

extension PaperList.Paper {
    fileprivate init(_ component: DossierComponent, _ submission: Submission) {
        let pages = submission.pages[component.id] ?? []
        self.init(
            component: component.id, label: component.label.text("vi"), handling: component.handling,
            state: Self.state(of: component, isScanned: !pages.isEmpty, submission),
            file: pages.isEmpty ? nil : PaperList.fileName(of: component), pages: pages.map(PaperList.Page.init))
    }

    private static func state(of component: DossierComponent, isScanned: Bool, _ submission: Submission) -> State {
        if isScanned { return .scanned }
        if component.handling == .shown { return .toBeShown }
        return submission.papersAtCounter && component.required ? .atCounter : .notGiven
    }
}

extension PaperList.Page {
    fileprivate init(_ page: VisitPage) {
        self.init(
            keptAlthough: page.keptFindings.map(\.code), undecided: page.openFindings.map(\.code),
            isPrepared: page.isPrepared, codes: page.codes)
    }
}
