import Dossiers
import Forms
import Foundation
import Journey
import Peripherals

/// What a submission becomes as files: the declaration as the form's XML, the same as JSON for people and programs
/// that know no XForms, and one PDF a component.
struct DossierFiles {
    /// The answers with their labels: the centre's page shows them, connectors map them by path.
    struct Answers: Codable {
        struct Applicant: Codable {
            var number: String
            var name: String
            var dateOfBirth: String
            var access: String?
            var verdicts: CardVerdicts?
            /// The staff must look at the card: it proved less than the kiosk's policy wants.
            var cardToBeShown: Bool
        }
        struct Answer: Codable {
            var path: String
            var label: String
            var value: String
            var display: String
        }
        var form: String
        var version: String
        var language: String
        var applicant: Applicant?
        var papersAtCounter: Bool
        var answers: [Answer]
    }

    var submission: Submission
    var folder: URL
    var scanner: any DocumentScanning

    func make() async throws -> [DossierDraft.File] {
        var files: [DossierDraft.File] = []
        if let form = submission.form {
            files.append(
                .init(name: "to-khai.xml", mediaType: "application/xml", content: .bytes(Data(form.instanceXML().utf8)))
            )
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
            files.append(
                .init(
                    name: "answers.json", mediaType: "application/json",
                    content: .bytes(try encoder.encode(answers(of: form)))))
        }
        for component in submission.procedure?.version.components ?? [] {
            let pages = (submission.pages[component.id] ?? []).map(\.page)
            guard !pages.isEmpty else { continue }
            let file = folder.appending(path: "\(component.id).pdf")
            try await scanner.writePDF(pages, title: component.label.text("vi"), to: file)
            files.append(.init(name: "\(component.id).pdf", mediaType: "application/pdf", content: .file(file)))
        }
        return files
    }

    private func answers(of form: FormSession) -> Answers {
        Answers(
            form: form.definition.id, version: form.definition.version, language: submission.language,
            applicant: submission.citizen.map {
                Answers.Applicant(
                    number: $0.number, name: $0.fullName, dateOfBirth: $0.dateOfBirth.description,
                    access: submission.access?.rawValue, verdicts: submission.verdicts,
                    cardToBeShown: submission.isCardToBeShown)
            },
            papersAtCounter: submission.papersAtCounter,
            answers: form.answers.map {
                Answers.Answer(path: $0.path, label: $0.label, value: $0.value, display: $0.displayValue)
            })
    }
}
