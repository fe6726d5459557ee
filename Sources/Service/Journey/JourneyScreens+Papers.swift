import KioskConfiguration
import Peripherals
import Procedures

/// The screens of the papers: all of them, one page large, the questions about a page.
extension Journey {
    func scanScreen(_ activity: ScanActivity) -> Screen {
        switch activity {
        case .idle, .failed, .missing, .scanning: papersScreen(activity)
        case .page(let id): pageScreen(id)
        case .question(let id, _): findingScreen(id)
        case .retake(let id, let error): retakeScreen(id, error)
        case .preparing: preparingScreen
        }
    }

    // MARK: - All papers

    private func papersScreen(_ activity: ScanActivity) -> Screen {
        if case .scanning(let scanning) = activity { return scanningScreen(scanning, activity) }
        let isReady = activity == .idle && missingComponents.isEmpty && hasPages
        var screen = screen("scan", lead: text(isReady ? "scan.check" : "scan.lead"))
        screen.step = step("scan")
        if !isReady {
            screen.blocks = [.illustration(Block.Illustration(name: "scan-feeder", alt: text("scan.alt")))]
        }
        screen.blocks += neededComponents.map { .scans(scans(of: $0, activity)) }
        screen.blocks += papersToShow
        screen.notice = scanNotice(activity)
        screen.actions = [backAction, cancelAction]
        if !missingComponents.isEmpty { screen.actions.append(action("atCounter", .secondary)) }
        screen.actions.append(action("next", .primary))
        return screen
    }

    /// Nothing but the paper that is being scanned, whose pages appear one after the other.
    private func scanningScreen(_ scanning: Scanning, _ activity: ScanActivity) -> Screen {
        var screen = screen("scan", lead: text("scan.scanning"))
        screen.step = step("scan")
        screen.blocks = [.progress(Block.Progress(label: text("scan.coming")))]
        screen.blocks += scanComponents.filter { $0.id == scanning.component }.map { .scans(scans(of: $0, activity)) }
        screen.actions = [action("cancelScan", .secondary)]
        return screen
    }

    private func scans(of component: DossierComponent, _ activity: ScanActivity) -> Block.Scans {
        var (isMissing, isBusy) = (false, false)
        if case .missing(let ids) = activity { isMissing = ids.contains(component.id) }
        if case .scanning = activity { isBusy = true }
        let dropped = visit.blanksDropped[component.id] ?? 0
        return Block.Scans(
            component: component.id, label: component.label.text(visit.language), detail: detail(of: component),
            required: component.required, tag: scannedTag(of: component) ?? tag(of: component), missing: isMissing,
            pages: (visit.pages[component.id] ?? []).enumerated().map(scannedPage),
            scanLabel: text(isScanned(component) ? "scan.more" : "scan.scan"), openLabel: text("scan.open"),
            note: dropped > 0 ? text("scan.blanks-dropped", ["count": String(dropped)]) : nil,
            busy: isBusy)
    }

    private func scannedPage(_ index: Int, _ page: VisitPage) -> Block.Scans.Page {
        let label = text("scan.page", ["number": String(index + 1)])
        if page.isBeingPrepared {
            return .init(
                id: page.id, url: url(of: page), label: label, state: .preparing, mark: text("scan.preparing"))
        }
        let isDoubtful = !page.openFindings.isEmpty
        return .init(
            id: page.id, url: url(of: page), label: label, state: isDoubtful ? .doubtful : .ready,
            mark: isDoubtful ? text("scan.doubtful") : nil)
    }

    private func url(of page: VisitPage) -> String { "/api/kiosk/pages/\(page.id)" }

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

    /// What nobody has to scan: it is only shown at the counter.
    private var papersToShow: [Block] {
        guard !componentsToShow.isEmpty else { return [] }
        let items = componentsToShow.map { component in
            Block.Papers.Item(
                label: component.label.text(visit.language), detail: component.notes?.text(visit.language),
                required: component.required, tag: component.required ? text("scan.to-show.bring") : nil)
        }
        return [
            .text(Block.Text(text("scan.to-show"), style: .heading)), .papers(Block.Papers(items: items)),
        ]
    }

    private func scanNotice(_ activity: ScanActivity) -> Screen.Notice? {
        switch activity {
        case .failed(let error):
            .init(kind: .error, text: text("scan.error.\(error.code)"))
        case .missing(let ids):
            .init(kind: .warning, text: text("scan.missing", ["papers": names(ofMissing: ids)]))
        case .idle: deviceNotice(.documentScanner)
        default: nil
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

    private var preparingScreen: Screen {
        var screen = screen("scan-preparing", title: text("scan.wait"), lead: text("scan.wait.lead"))
        screen.step = step("scan")
        screen.blocks = [
            .illustration(Block.Illustration(name: "wait", alt: text("scan.wait"))),
            .progress(Block.Progress(label: text("scan.preparing"))),
        ]
        screen.actions = [backAction, cancelAction, action("skip", .secondary, label: text("scan.wait.skip"))]
        return screen
    }

    // MARK: - One page

    private func pageScreen(_ id: String) -> Screen {
        guard let page = page(id), let (component, index) = place(of: id) else { return papersScreen(.idle) }
        let count = visit.pages[component.id]?.count ?? 0
        var screen = screen("scan-page", title: component.label.text(visit.language))
        screen.lead = text("scan.this-page", ["number": String(index + 1), "count": String(count)])
        screen.step = step("scan")
        var deeds: [Block.Page.Deed] = []
        if count > 1 {
            deeds = [
                .init(id: "earlier", label: text("scan.earlier"), icon: "earlier", enabled: index > 0),
                .init(id: "later", label: text("scan.later"), icon: "later", enabled: index + 1 < count),
            ]
        }
        deeds.append(.init(id: "retake", label: text("action.retake"), icon: "scan"))
        deeds.append(removeDeed)
        screen.blocks = [.page(Block.Page(url: url(of: page), label: screen.lead ?? "", deeds: deeds))]
        if !page.keptFindings.isEmpty {
            screen.blocks.append(.text(Block.Text(text("scan.kept"), style: .hint)))
        }
        screen.actions = [cancelAction, action("next", .primary, label: text("scan.looked"))]
        return screen
    }

    private var removeDeed: Block.Page.Deed { .init(id: "removePage", label: text("scan.remove"), icon: "remove") }

    /// Which page, for a screen that is about it: "Birth certificate, page 2 of 3".
    private func name(of id: String) -> String {
        guard let (component, index) = place(of: id) else { return text("scan.title") }
        let count = visit.pages[component.id]?.count ?? 0
        let number = text("scan.page-of", ["number": String(index + 1), "count": String(count)])
        return "\(component.label.text(visit.language)): \(number)"
    }

    private func findingScreen(_ id: String) -> Screen {
        guard let page = page(id), let component = place(of: id)?.component else { return papersScreen(.idle) }
        var screen = screen("scan-finding", title: name(of: id), lead: text("scan.finding.lead"))
        screen.step = step("scan")
        let reasons = page.openFindings.map { finding in
            text("scan.finding.\(finding.code)", ["paper": component.label.text(visit.language)])
        }
        screen.notice = .init(kind: .warning, text: reasons.joined(separator: " "))
        screen.blocks = [.page(Block.Page(url: url(of: page), label: screen.title, deeds: [removeDeed]))]
        screen.actions = [
            backAction, cancelAction, action("keep", .secondary), action("retake", .primary),
        ]
        return screen
    }

    private func retakeScreen(_ id: String, _ error: ScanError?) -> Screen {
        guard let page = page(id), let component = place(of: id)?.component else { return papersScreen(.idle) }
        var screen = screen("scan-retake", title: name(of: id))
        screen.step = step("scan")
        screen.notice =
            error.map { .init(kind: .error, text: text("scan.error.\($0.code)")) } ?? deviceNotice(.documentScanner)
        screen.blocks = [.illustration(Block.Illustration(name: "scan-feeder", alt: text("scan.alt")))]
        if page.isAnotherPaper {
            screen.lead = text("scan.retake.other", ["paper": component.label.text(visit.language)])
        } else {
            screen.lead = text("scan.retake.lead")
            screen.blocks.append(.page(Block.Page(url: url(of: page), label: screen.title)))
        }
        screen.actions = [backAction, cancelAction, action("scan", .primary, label: text("scan.scan"))]
        return screen
    }

    // MARK: - The check of the answers

    /// What the applicant checks before submitting: each paper, and how it gets to the officer.
    var paperRows: [Block.Summary.Row] {
        let scanned = neededComponents.map { component in
            Block.Summary.Row(
                label: component.label.text(visit.language), value: state(of: component), target: "scan",
                changeLabel: text("review.change"))
        }
        let shown = componentsToShow.map { component in
            Block.Summary.Row(
                label: component.label.text(visit.language),
                value: text(component.required ? "review.to-show" : "review.to-show-if-any"))
        }
        return scanned + shown
    }

    private func state(of component: DossierComponent) -> String {
        let pages = visit.pages[component.id] ?? []
        guard !pages.isEmpty else {
            if component.handling == .shown { return text("review.to-show") }
            return text(visit.papersAtCounter ? "review.at-counter" : "review.no-pages")
        }
        var lines = [text("review.pages", ["count": String(pages.count)])]
        if component.handling == .shown { lines.append(text("review.shown")) }
        if pages.contains(where: { !$0.openFindings.isEmpty }) {
            lines.append(text("review.doubtful"))
        } else if pages.contains(where: { !$0.keptFindings.isEmpty }) {
            lines.append(text("review.kept"))
        }
        return lines.joined(separator: "\n")
    }
}
