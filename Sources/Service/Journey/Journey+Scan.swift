import KioskConfiguration
import Peripherals
import Procedures

/// What each touch does while papers are scanned and looked at.
extension Journey {
    mutating func actOnScan(_ action: ScreenAction, _ activity: ScanActivity) -> [JourneyEffect] {
        switch activity {
        case .idle, .failed, .missing: actOnPapers(action)
        case .scanning: action.action == "cancelScan" ? cancelScan() : []
        case .page(let id): actOnPage(action, id)
        case .question(let id, let goesOn): actOnQuestion(action, id, goesOn)
        case .retake(let id, _): actOnRetake(action, id)
        case .preparing: actOnPreparing(action)
        }
    }

    /// All papers, or the question that is due.
    mutating func showPapers() {
        stage = .scan(.idle)
        askNext()
    }

    private mutating func actOnPapers(_ action: ScreenAction) -> [JourneyEffect] {
        switch action.action {
        case "scan":
            guard let component = action.value, scanComponents.contains(where: { $0.id == component }) else {
                return []
            }
            visit.papersAtCounter = false
            return scan(component)
        case "openPage":
            guard let id = action.value, let page = page(id), !page.isBeingPrepared else { return [] }
            stage = .scan(page.openFindings.isEmpty ? .page(id) : .question(id, goesOn: false))
        case "back":
            if let last = visit.form?.pages.last { stage = .form(page: last.id) } else { stage = .advice }
        case "atCounter":
            visit.papersAtCounter = true
            return leavePapers()
        case "next":
            return leavePapers()
        default: break
        }
        return []
    }

    /// On to the check of the answers, when nothing is missing, coming or undecided.
    mutating func leavePapers() -> [JourneyEffect] {
        let missing = missingComponents
        if !missing.isEmpty {
            stage = .scan(.missing(missing))
        } else if isPreparingPages {
            stage = .scan(.preparing)
        } else if let page = pageToAskAbout(includingPutOff: true) {
            stage = .scan(.question(page.id, goesOn: true))
            touched()
        } else {
            stage = .review
            return visit.papersAtCounter ? [] : [.record(.papersScanned)]
        }
        return []
    }

    // MARK: - Scanning

    private mutating func scan(_ component: String, replacing pages: [VisitPage] = []) -> [JourneyEffect] {
        visit.batches += 1
        visit.blanksDropped[component] = nil
        stage = .scan(
            .scanning(Scanning(component: component, batch: visit.batches, replaces: pages.map(\.id))))
        return [.scan(component: component, batch: visit.batches)]
    }

    private mutating func cancelScan() -> [JourneyEffect] {
        stage = .scan(.idle)
        return [.cancelScan] + settlePages()
    }

    private mutating func actOnRetake(_ action: ScreenAction, _ id: String) -> [JourneyEffect] {
        guard let page = page(id), let component = place(of: id)?.component.id else {
            showPapers()
            return []
        }
        switch action.action {
        case "scan": return scan(component, replacing: pagesAsked(with: page))
        case "back": stage = .scan(page.openFindings.isEmpty ? .page(id) : .question(id, goesOn: false))
        default: break
        }
        return []
    }

    private mutating func actOnPreparing(_ action: ScreenAction) -> [JourneyEffect] {
        switch action.action {
        case "back": showPapers()
        case "skip":
            // The pages go as they were scanned; what still comes is taken while the applicant is here.
            for id in visit.pages.values.joined().filter(\.isBeingPrepared).map(\.id) {
                change(id) { $0.preparation = .failed }
            }
            return leavePapers()
        default: break
        }
        return []
    }

    // MARK: - One page

    private mutating func actOnPage(_ action: ScreenAction, _ id: String) -> [JourneyEffect] {
        switch action.action {
        case "earlier": move(id, by: -1)
        case "later": move(id, by: 1)
        case "retake": stage = .scan(.retake(id, nil))
        case "removePage": return remove(id)
        case "back", "next": showPapers()
        default: break
        }
        return []
    }

    private mutating func actOnQuestion(_ action: ScreenAction, _ id: String, _ goesOn: Bool) -> [JourneyEffect] {
        switch action.action {
        case "keep":
            for page in page(id).map(pagesAsked) ?? [] { change(page.id) { $0.keep() } }
            if goesOn { return leavePapers() }
            showPapers()
        case "retake": stage = .scan(.retake(id, nil))
        case "removePage": return remove(id)
        case "back":
            visit.putOff.formUnion(visit.pages.values.joined().filter { !$0.openFindings.isEmpty }.map(\.id))
            showPapers()
        default: break
        }
        return []
    }

    private mutating func move(_ id: String, by step: Int) {
        guard let (component, index) = place(of: id), let count = visit.pages[component.id]?.count,
            (0..<count).contains(index + step)
        else { return }
        visit.pages[component.id]?.swapAt(index, index + step)
    }

    private mutating func remove(_ id: String) -> [JourneyEffect] {
        guard let (component, index) = place(of: id), let page = visit.pages[component.id]?.remove(at: index) else {
            return []
        }
        showPapers()
        guard stage == .scan(.idle) else { return [.deletePage(page)] }
        notice = Screen.Notice(kind: .info, text: text("scan.removed", ["number": String(index + 1)]))
        return [.deletePage(page)]
    }
}
