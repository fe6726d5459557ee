import Forms
import KioskConfiguration
import Peripherals
import Procedures

/// The screens of a dossier: advice, form, papers, check.
extension Journey {
    var adviceScreen: Screen {
        guard let version = chosenProcedure?.version else { return screen("advice") }
        var screen = screen("advice", title: version.title.text(visit.language), lead: text("advice.lead"))
        screen.step = step("advice")
        screen.blocks = [
            .text(Block.Text(text("advice.papers"), style: .heading)),
            .papers(
                Block.Papers(
                    items: version.components.map { component in
                        Block.Papers.Item(
                            label: component.label.text(visit.language), detail: detail(of: component),
                            required: component.required, tag: tag(of: component))
                    })),
            .facts(
                Block.Facts(items: [
                    .init(label: text("advice.fee"), value: version.fee.summary.text(visit.language)),
                    .init(label: text("advice.time"), value: version.processing.summary.text(visit.language)),
                    .init(label: text("advice.requester"), value: version.requester.text(visit.language)),
                ])),
        ]
        screen.blocks += version.advice.map { .text(Block.Text($0.text(visit.language), style: .hint)) }
        screen.actions = [backAction, cancelAction, action("next", .primary, label: text("advice.begin"))]
        return screen
    }

    func detail(of component: DossierComponent) -> String {
        let handling = text("paper.\(component.handling.rawValue)")
        guard let notes = component.notes?.text(visit.language), !notes.isEmpty else { return handling }
        return "\(handling). \(notes)"
    }

    /// Papers that replace each other are not each of them required.
    func tag(of component: DossierComponent) -> String? {
        guard let group = component.alternativeGroup else { return nil }
        let count = chosenProcedure?.version.components.count { $0.alternativeGroup == group } ?? 0
        return count > 1 ? text("paper.one-of") : nil
    }

    func formScreen(_ pageID: String) -> Screen {
        guard let form = visit.form, let page = form.page(pageID) else { return screen("form") }
        var screen = screen("form", title: page.title ?? page.questions.first?.label ?? text("form.title"))
        screen.step = step("form")
        let ids = form.pages.map(\.id)
        if let index = ids.firstIndex(of: pageID), ids.count > 1 {
            screen.lead = text("form.page", ["number": String(index + 1), "count": String(ids.count)])
        }
        screen.blocks = page.questions.map { .field(field($0)) }
        let label = returnsToReview ? text("action.save") : nil
        screen.actions = [backAction, cancelAction, action("next", .primary, label: label)]
        return screen
    }

    private func field(_ question: FormQuestion) -> Block.Field {
        Block.Field(
            name: question.path, label: question.label,
            // How to fill it in matters to nobody where nothing is to be filled in.
            hint: question.readOnly ? nil : question.hint, guidance: question.readOnly ? nil : question.guidance,
            control: control(of: question), keyboard: question.appearance.contains("numbers") ? .numbers : nil,
            value: question.value, required: question.required, readOnly: question.readOnly,
            origin: question.origin == "citizen" && !question.value.isEmpty ? text("form.from-card") : nil,
            options: question.options.map {
                Block.Choices.Option(value: $0.value, label: $0.label, selected: $0.isSelected)
            },
            error: question.problem.map { $0.message ?? text("form.problem.\($0.kind.rawValue)") })
    }

    private func control(of question: FormQuestion) -> Block.Field.Control {
        switch question.control {
        case .note: .note
        case .text: .text
        case .longText: .longText
        case .integer: .integer
        case .decimal: .decimal
        case .date: .date
        case .selectOne: .selectOne
        case .selectMultiple: .selectMultiple
        }
    }

    var reviewScreen: Screen {
        var screen = screen("review", lead: text("review.lead"))
        screen.step = step("review")
        if let form = visit.form {
            let answers = form.answers
            for page in form.pages {
                let rows = answers.filter { $0.page == page.id }.map { answer in
                    Block.Summary.Row(
                        label: answer.label, value: answer.displayValue, target: answer.readOnly ? nil : page.id,
                        changeLabel: answer.readOnly ? nil : text("review.change"))
                }
                guard !rows.isEmpty else { continue }
                screen.blocks.append(.summary(Block.Summary(title: page.title ?? text("form.title"), rows: rows)))
            }
        }
        if !paperRows.isEmpty {
            screen.blocks.append(.summary(Block.Summary(title: text("review.papers"), rows: paperRows)))
        }
        screen.actions = [backAction, cancelAction, action("submit", .primary)]
        return screen
    }

    var submittingScreen: Screen {
        var screen = screen("submitting", lead: text("submitting.lead"))
        screen.step = step("ticket")
        screen.blocks = [
            .illustration(Block.Illustration(name: "wait", alt: text("submitting.lead"))),
            .progress(Block.Progress(label: text("submitting.lead"))),
        ]
        return screen
    }
}
