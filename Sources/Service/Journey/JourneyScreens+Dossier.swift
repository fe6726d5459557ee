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

    private func detail(of component: DossierComponent) -> String {
        let handling = text("paper.\(component.handling.rawValue)")
        guard let notes = component.notes?.text(visit.language), !notes.isEmpty else { return handling }
        return "\(handling). \(notes)"
    }

    /// Papers that replace each other are not each of them required.
    private func tag(of component: DossierComponent) -> String? {
        guard let group = component.alternativeGroup else { return nil }
        let count = chosenProcedure?.version.components.count { $0.alternativeGroup == group } ?? 0
        return count > 1 ? text("paper.one-of") : nil
    }

    private func scannedTag(of component: DossierComponent) -> String? {
        guard isScanned(component) else { return nil }
        return text("review.pages", ["count": String(visit.pages[component.id]?.count ?? 0)])
    }

    private func isScanned(_ component: DossierComponent) -> Bool { visit.pages[component.id]?.isEmpty == false }

    /// Without those that another one, scanned already, replaces.
    private var neededComponents: [DossierComponent] {
        scanComponents.filter { component in
            guard !isScanned(component), let group = component.alternativeGroup else { return true }
            return !scanComponents.contains { $0.alternativeGroup == group && isScanned($0) }
        }
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

    func scanScreen(_ activity: ScanActivity) -> Screen {
        let isReady = activity == .idle && missingComponents.isEmpty && !visit.pages.isEmpty
        var screen = screen("scan", lead: text(isReady ? "scan.check" : "scan.lead"))
        screen.step = step("scan")
        var scanning: String?
        if case .scanning(let component) = activity { scanning = component }
        if !isReady {
            screen.blocks = [.illustration(Block.Illustration(name: "scan-feeder", alt: text("scan.alt")))]
        }
        if scanning != nil { screen.blocks.append(.progress(Block.Progress(label: text("scan.scanning")))) }
        screen.blocks += neededComponents.map { component in
            .scans(
                Block.Scans(
                    component: component.id, label: component.label.text(visit.language), detail: detail(of: component),
                    required: component.required, tag: scannedTag(of: component) ?? tag(of: component),
                    pages: scannedPages(of: component.id),
                    scanLabel: text(isScanned(component) ? "scan.more" : "scan.scan"), removeLabel: text("scan.remove"),
                    busy: component.id == scanning))
        }
        screen.notice = scanNotice(activity)
        screen.actions = [backAction, cancelAction]
        if scanning != nil {
            screen.actions = [action("cancelScan", .secondary)]
        } else {
            if !missingComponents.isEmpty { screen.actions.append(action("atCounter", .secondary)) }
            screen.actions.append(action("next", .primary))
        }
        return screen
    }

    private func scannedPages(of component: String) -> [Block.Scans.Page] {
        (visit.pages[component] ?? []).enumerated().map { index, page in
            Block.Scans.Page(
                id: page.id, url: "/api/kiosk/pages/\(page.id)",
                label: text("scan.page", ["number": String(index + 1)]))
        }
    }

    private func scanNotice(_ activity: ScanActivity) -> Screen.Notice? {
        switch activity {
        case .failed(let error):
            return .init(kind: .error, text: text("scan.error.\(error.code)"))
        case .missing(let ids):
            return .init(kind: .warning, text: text("scan.missing", ["papers": names(ofMissing: ids)]))
        case .idle: return deviceNotice(.documentScanner)
        case .scanning: return nil
        }
    }

    /// "A or B; C": papers that replace each other in one breath.
    private func names(ofMissing ids: [String]) -> String {
        let missing = scanComponents.filter { ids.contains($0.id) }
        let groups = missing.reduce(into: [[DossierComponent]]()) { groups, component in
            if let group = component.alternativeGroup,
                let index = groups.firstIndex(where: { $0[0].alternativeGroup == group })
            {
                groups[index].append(component)
            } else {
                groups.append([component])
            }
        }
        return groups.map { $0.map { $0.label.text(visit.language) }.joined(separator: " \(text("scan.or")) ") }
            .joined(separator: "; ")
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
        let papers = neededComponents.map { component in
            let count = visit.pages[component.id]?.count ?? 0
            let value =
                count > 0
                ? text("review.pages", ["count": String(count)])
                : text(visit.papersAtCounter ? "review.at-counter" : "review.no-pages")
            return Block.Summary.Row(
                label: component.label.text(visit.language), value: value, target: "scan",
                changeLabel: text("review.change"))
        }
        if !papers.isEmpty {
            screen.blocks.append(.summary(Block.Summary(title: text("review.papers"), rows: papers)))
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
