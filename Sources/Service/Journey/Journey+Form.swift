import Forms
import KioskConfiguration
import Peripherals
import Procedures

/// The declaration, page by page, and the papers.
extension Journey {
    /// The first page, with what the card knows filled in; answers given before going back stay.
    mutating func beginForm() {
        if visit.form == nil, let formID = chosenProcedure?.version.form, let definition = context.forms[formID] {
            visit.form = FormSession(
                definition, language: visit.language, secondary: ["citizen": visit.card?.citizen.formValues ?? [:]],
                timeZone: context.timeZone, now: context.clock)
        }
        if let first = visit.form?.pages.first {
            stage = .form(page: first.id)
        } else {
            stage = .scan(.idle)
        }
    }

    mutating func actOnForm(_ action: ScreenAction, _ page: String) -> [JourneyEffect] {
        guard var form = visit.form else { return [] }
        for question in form.page(page)?.questions ?? [] where !question.readOnly {
            if let value = action.values?[question.path] { form.answer(question.path, value) }
        }
        visit.form = form
        switch action.action {
        case "back":
            if returnsToReview {
                returnsToReview = false
                stage = .review
            } else {
                stage = previousPage(before: page).map(Stage.form) ?? .advice
            }
        case "next":
            return leavePage(page)
        default: break
        }
        return []
    }

    private mutating func leavePage(_ page: String) -> [JourneyEffect] {
        guard var form = visit.form else { return [] }
        let problems = form.validate(page: page)
        visit.form = form
        guard problems.isEmpty else {
            notice = Screen.Notice(kind: .error, text: text("form.check"))
            return []
        }
        if returnsToReview {
            returnsToReview = false
            return finishForm()
        }
        if let next = nextPage(after: page) {
            stage = .form(page: next)
            return []
        }
        return finishForm()
    }

    /// Everything is checked once more: an answer on a late page can make an early one wrong.
    private mutating func finishForm() -> [JourneyEffect] {
        guard var form = visit.form else { return [] }
        let problems = form.validateAll()
        visit.form = form
        if let first = problems.first, let page = form.pageID(of: first.path) {
            stage = .form(page: page)
            notice = Screen.Notice(kind: .error, text: text("form.check"))
            return []
        }
        stage = missingComponents.isEmpty && hasPages ? .review : .scan(.idle)
        return [.record(.formCompleted)]
    }

    private func nextPage(after page: String) -> String? {
        let ids = visit.form?.pages.map(\.id) ?? []
        guard let index = ids.firstIndex(of: page), index + 1 < ids.count else { return nil }
        return ids[index + 1]
    }

    private func previousPage(before page: String) -> String? {
        let ids = visit.form?.pages.map(\.id) ?? []
        guard let index = ids.firstIndex(of: page), index > 0 else { return nil }
        return ids[index - 1]
    }

    // MARK: - Papers

    private var hasPages: Bool { visit.pages.values.contains { !$0.isEmpty } }

    var scanComponents: [DossierComponent] {
        chosenProcedure?.version.components.filter(\.scan) ?? []
    }

    /// Components that must be scanned and have no page yet. Of components that replace each other, one is enough.
    var missingComponents: [String] {
        guard !visit.papersAtCounter else { return [] }
        func hasPages(_ component: DossierComponent) -> Bool { !(visit.pages[component.id] ?? []).isEmpty }
        return scanComponents.filter { component in
            guard component.required, !hasPages(component) else { return false }
            guard let group = component.alternativeGroup else { return true }
            return !scanComponents.contains { $0.alternativeGroup == group && hasPages($0) }
        }.map(\.id)
    }

    mutating func actOnScan(_ action: ScreenAction, _ activity: ScanActivity) -> [JourneyEffect] {
        if case .scanning = activity {
            guard action.action == "cancelScan" else { return [] }
            stage = .scan(.idle)
            return [.cancelScan]
        }
        switch action.action {
        case "scan":
            guard let component = action.value, scanComponents.contains(where: { $0.id == component }) else {
                return []
            }
            stage = .scan(.scanning(component: component))
            visit.papersAtCounter = false
            return [.scan(component: component)]
        case "removePage":
            return removePage(action.value)
        case "back":
            if let last = visit.form?.pages.last { stage = .form(page: last.id) } else { stage = .advice }
        case "atCounter":
            visit.papersAtCounter = true
            stage = .review
        case "next":
            let missing = missingComponents
            stage = missing.isEmpty ? .review : .scan(.missing(missing))
            return missing.isEmpty ? [.record(.papersScanned)] : []
        default: break
        }
        return []
    }

    private mutating func removePage(_ id: String?) -> [JourneyEffect] {
        for (component, pages) in visit.pages {
            if let page = pages.first(where: { $0.id == id }) {
                visit.pages[component] = pages.filter { $0.id != id }
                return [.deletePage(page)]
            }
        }
        return []
    }
}
