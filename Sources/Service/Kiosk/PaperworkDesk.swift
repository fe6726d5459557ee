import Foundation
import Journey
import KioskConfiguration
import Peripherals
import Procedures

/// What a submission becomes on A4: the submission slip, and the filled declaration to be signed.
///
/// The slip is not the receipt (Circular 03/2025/TT-VPCP, form 01): that one an officer gives after checking the papers.
public struct PaperworkDesk: Sendable {
    private let settings: KioskSettings
    private let locales: Locales
    private let now: @Sendable () -> Date

    public init(settings: KioskSettings, locales: Locales, now: @escaping @Sendable () -> Date = { Date() }) {
        self.settings = settings
        self.locales = locales
        self.now = now
    }

    /// In the order in which they are printed; nothing for a ticket only.
    public func documents(of submission: Submission, _ submitted: Submitted) -> [A4Document] {
        guard let procedure = submission.procedure else { return [] }
        let slip = slip(procedure, submission, submitted)
        guard procedure.version.printsDeclaration, let declaration = declaration(procedure, submission, submitted)
        else {
            return [slip]
        }
        return [slip, declaration]
    }

    // MARK: The slip

    func slip(_ procedure: ChosenProcedure, _ submission: Submission, _ submitted: Submitted) -> A4Document {
        let locale = locales[submission.language]
        var blocks: [A4Document.Block] = []
        if let code = submitted.dossierCode {
            blocks.append(.prominent(label: locale.text("slip.dossier"), value: code))
        }
        blocks += [
            .field(label: locale.text("slip.procedure"), value: procedure.version.title.text(submission.language)),
            .field(label: locale.text("slip.procedure-code"), value: procedure.code),
            .field(label: locale.text("slip.agency"), value: agency(submission.language)),
            .field(label: locale.text("slip.time"), value: time("HH:mm dd/MM/yyyy")),
            .field(label: locale.text("slip.ticket"), value: submitted.number),
        ]
        if let citizen = submission.citizen {
            blocks.append(.field(label: locale.text("slip.applicant"), value: citizen.fullName))
        }
        blocks.append(.heading(locale.text("slip.papers")))
        let papers = papers(procedure, submission, locale)
        blocks.append(papers.isEmpty ? .paragraph(locale.text("slip.no-papers")) : .list(papers))
        blocks.append(.heading(locale.text("slip.processing")))
        blocks.append(.paragraph(procedure.version.processing.summary.text(submission.language)))
        if let code = submitted.dossierCode { blocks.append(.qr(code, caption: locale.text("slip.qr"))) }
        blocks.append(.note(locale.text("slip.not-a-receipt")))
        return document(locale, title: locale.text("slip.title"), subtitle: nil, blocks, submitted, submission.language)
    }

    private func papers(
        _ procedure: ChosenProcedure, _ submission: Submission, _ locale: Localization
    ) -> [String] {
        let declaration = submission.form == nil ? [] : [locale.text("slip.declaration")]
        return declaration
            + procedure.version.components.compactMap { component in
                let count = submission.pages[component.id]?.count ?? 0
                let paper = component.label.text(submission.language)
                return line(component, isAtCounter: submission.papersAtCounter, count).map {
                    locale.text($0, ["paper": paper, "count": String(count)])
                }
            }
    }

    /// Which text says how a paper gets to the officer; nil when it does not.
    private func line(_ component: DossierComponent, isAtCounter: Bool, _ count: Int) -> String? {
        switch component.handling {
        case .shown where count > 0: "slip.scanned-to-show"
        case .shown: component.required ? "slip.to-show" : "slip.to-show-if-any"
        case .submitted where count > 0: "slip.scanned"
        case .submitted: component.scan && component.required && isAtCounter ? "slip.at-counter" : nil
        }
    }

    // MARK: The declaration

    /// - Returns: nil when the procedure has no form.
    func declaration(
        _ procedure: ChosenProcedure, _ submission: Submission, _ submitted: Submitted
    ) -> A4Document? {
        guard let form = submission.form else { return nil }
        let locale = locales[submission.language]
        var blocks: [A4Document.Block] = []
        let answers = Dictionary(grouping: form.answers, by: \.page)
        for page in form.pages {
            guard let lines = answers[page.id], !lines.isEmpty else { continue }
            if let title = page.title { blocks.append(.heading(title)) }
            blocks += lines.map { .field(label: $0.label, value: $0.displayValue) }
        }
        blocks.append(.paragraph(locale.text("declaration.pledge")))
        blocks.append(
            .signatures([
                A4Document.Signature(
                    above: locale.text(
                        "declaration.date",
                        ["day": time("dd"), "month": time("MM"), "year": time("yyyy")]),
                    title: locale.text("declaration.signer"), hint: locale.text("declaration.sign-here"))
            ]))
        return document(
            locale, title: locale.text("declaration.title").uppercased(),
            subtitle: procedure.version.title.text(submission.language), blocks, submitted, submission.language)
    }

    // MARK: Parts

    private func document(
        _ locale: Localization, title: String, subtitle: String?, _ blocks: [A4Document.Block], _ submitted: Submitted,
        _ language: String
    ) -> A4Document {
        let reference = submitted.dossierCode.map { [locale.text("slip.dossier"), $0] } ?? []
        return A4Document(
            issuer: [agency(language)], reference: reference, title: title, subtitle: subtitle, blocks: blocks,
            footer: submitted.dossierCode.map { "\(locale.text("slip.dossier")) \($0)" } ?? submitted.number,
            pageLabel: locale.text("slip.page", ["page": "{page}", "pages": "{pages}"]))
    }

    private func agency(_ language: String) -> String { settings.hall.name.text(language) }

    private func time(_ format: String) -> String {
        let formatter = DateFormatter()
        formatter.locale = Foundation.Locale(identifier: "en_GB")
        formatter.timeZone = settings.timeZone
        formatter.dateFormat = format
        return formatter.string(from: now())
    }
}
