import Forms
import KioskConfiguration
import Peripherals

/// The declaration, page by page.
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
}
