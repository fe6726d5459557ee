import KioskConfiguration
import Peripherals
import Procedures

/// Which papers are asked for, and what happens to their pages: scanned, prepared, read.
extension Journey {
    var scanComponents: [DossierComponent] {
        chosenProcedure?.version.components.filter(\.scan) ?? []
    }

    /// Papers that are only shown at the counter (xuất trình) and not scanned here.
    var componentsToShow: [DossierComponent] {
        chosenProcedure?.version.components.filter { $0.handling == .shown && !$0.scan } ?? []
    }

    var hasPages: Bool { visit.pages.values.contains { !$0.isEmpty } }

    var isPreparingPages: Bool { visit.pages.values.contains { $0.contains(where: \.isBeingPrepared) } }

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

    /// Where a page is; nil when it was removed.
    func place(of id: String) -> (component: DossierComponent, index: Int)? {
        for component in scanComponents {
            if let index = visit.pages[component.id]?.firstIndex(where: { $0.id == id }) { return (component, index) }
        }
        return nil
    }

    func page(_ id: String) -> VisitPage? {
        place(of: id).flatMap { visit.pages[$0.component.id]?[$0.index] }
    }

    mutating func change(_ id: String, _ change: (inout VisitPage) -> Void) {
        guard let place = place(of: id) else { return }
        visit.pages[place.component.id]?[place.index].modify(change)
    }

    // MARK: - Scanned

    /// Keeps the scanner's order, however long each page takes afterwards. A page that nobody waits for any more is
    /// thrown away.
    mutating func pageScanned(_ component: String, _ page: VisitPage) -> [JourneyEffect] {
        guard case .scan(.scanning(let scanning)) = stage, scanning.batch == page.batch,
            scanning.component == component
        else { return [.deletePage(page)] }
        var pages = visit.pages[component] ?? []
        let replaced = pages.filter { scanning.replaces.contains($0.id) }
        let behindItsBatch = pages.lastIndex { $0.batch == page.batch }.map { $0 + 1 }
        let place = behindItsBatch ?? pages.firstIndex { scanning.replaces.contains($0.id) } ?? pages.count
        pages.insert(page, at: place)
        visit.pages[component] = pages.filter { !scanning.replaces.contains($0.id) }
        return replaced.map(JourneyEffect.deletePage) + [.preparePage(component: component, page)]
    }

    mutating func scanEnded(_ batch: Int, _ error: ScanError?) -> [JourneyEffect] {
        guard case .scan(.scanning(let scanning)) = stage, scanning.batch == batch else { return [] }
        if let error {
            let kept = scanning.replaces.first { page($0) != nil }
            stage = .scan(kept.map { .retake($0, error) } ?? .failed(error))
        } else {
            stage = .scan(.idle)
        }
        return settlePages()
    }

    // MARK: - Prepared

    mutating func pagePrepared(_ id: String, _ prepared: PreparedPage) -> [JourneyEffect] {
        guard let component = place(of: id)?.component else { return [] }
        let findings = prepared.findings.filter { $0 != .identityCard || !component.isIdentityCard }
        let codes = prepared.codes.filter { !isPersonal($0) }
        change(id) { $0.take(prepared, codes: codes, findings: findings) }
        return pageIsReady(id)
    }

    mutating func pageNotPrepared(_ id: String) -> [JourneyEffect] {
        change(id) { $0.preparation = .failed }
        return pageIsReady(id)
    }

    private mutating func pageIsReady(_ id: String) -> [JourneyEffect] {
        let effects = settlePages()
        guard let component = place(of: id)?.component.id, let page = page(id), !page.isBlank else { return effects }
        return effects + [.recognisePage(component: component, page)]
    }

    /// The code of an identity card or an insurance card holds its owner's data; only what is known to be neither is kept.
    private func isPersonal(_ code: PageCode) -> Bool { context.problemWithQR(code.text) != .notAnIdentityCardQR }

    /// When a scan or a page is finished: blank back sides go, and what is wrong is asked.
    mutating func settlePages() -> [JourneyEffect] {
        let effects = dropBlanks()
        switch stage {
        case .scan(.preparing): return isPreparingPages ? effects : effects + leavePapers()
        case .scan(.page(let id)), .scan(.retake(let id, _)), .scan(.question(let id, _)):
            if page(id) == nil { showPapers() }
        default: askNext()
        }
        return effects
    }

    /// A blank page that came with others is a back side. Where all are blank somebody is asked.
    private mutating func dropBlanks() -> [JourneyEffect] {
        var effects: [JourneyEffect] = []
        for (component, pages) in visit.pages {
            let written = Set(pages.filter { !$0.isBeingPrepared && !$0.isBlank }.map(\.batch))
            let blank = pages.filter { $0.isBlank && written.contains($0.batch) }
            guard !blank.isEmpty else { continue }
            visit.pages[component] = pages.filter { !blank.contains($0) }
            visit.blanksDropped[component, default: 0] += blank.count
            effects += blank.map(JourneyEffect.deletePage)
        }
        return effects
    }

    // MARK: - Read

    mutating func pageRecognised(_ id: String, _ text: RecognisedText) -> [JourneyEffect] {
        guard let component = place(of: id)?.component else { return [] }
        let verdict = component.words.verdict(on: text.text, confidence: text.confidence)
        change(id) { $0.take(text, verdict) }
        return judge(component)
    }

    /// Only the first page bears a paper's name, and any page may be the first one scanned: so a paper is doubted when
    /// all its pages were read well and none fits.
    private mutating func judge(_ component: DossierComponent) -> [JourneyEffect] {
        let pages = visit.pages[component.id] ?? []
        if pages.contains(where: { $0.verdict == .fits }) {
            for page in pages { change(page.id) { $0.openFindings.removeAll { $0 == .wrongPaper } } }
            return endQuestionWithoutFindings()
        } else if pages.allSatisfy({ $0.verdict == .another }), let first = pages.first,
            !pages.contains(where: \.isDoubted)
        {
            change(first.id) { $0.openFindings.append(.wrongPaper) }
            visit.putOff.remove(first.id)
            touched()
            askNext()
        }
        return []
    }

    // MARK: - Questions

    /// The page of the question is in order after all, or gone.
    private mutating func endQuestionWithoutFindings() -> [JourneyEffect] {
        guard case .scan(.question(let id, let goesOn)) = stage, page(id)?.openFindings.isEmpty != false else {
            return []
        }
        if goesOn { return leavePapers() }
        showPapers()
        return []
    }

    /// The first page whose findings nobody decided on, in the order of the screen.
    func pageToAskAbout(includingPutOff: Bool = false) -> VisitPage? {
        scanComponents.lazy.flatMap { self.visit.pages[$0.id] ?? [] }.first {
            !$0.openFindings.isEmpty && (includingPutOff || !self.visit.putOff.contains($0.id))
        }
    }

    /// One question after the other, and none while something is still coming.
    mutating func askNext() {
        guard stage == .scan(.idle), !isPreparingPages, let page = pageToAskAbout() else { return }
        stage = .scan(.question(page.id, goesOn: false))
        touched()
    }

    /// The blank pages of one stack are one question.
    func pagesAsked(with page: VisitPage) -> [VisitPage] {
        guard page.isBlank, let component = place(of: page.id)?.component.id else { return [page] }
        return (visit.pages[component] ?? []).filter { $0.batch == page.batch && $0.isBlank }
    }
}

extension DossierComponent {
    /// Whether identity cards are scanned for it: its words are those that are printed on every one.
    fileprivate var isIdentityCard: Bool {
        words.verdict(on: "CĂN CƯỚC CÔNG DÂN", confidence: 100) == .fits
    }
}

extension VisitPage {
    fileprivate mutating func modify(_ change: (inout VisitPage) -> Void) { change(&self) }

    /// Somebody was asked already whether this is another paper.
    fileprivate var isDoubted: Bool {
        !Set(openFindings + keptFindings).isDisjoint(with: [.wrongPaper, .identityCard])
    }
}
