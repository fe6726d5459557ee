import Dossiers
import Forms
import Foundation
import Journey
import Peripherals
import Procedures

/// What a submission becomes as files: the declaration as the form's XML, the same as JSON for people and programs
/// that know no XForms, one PDF a component, and what there is to say about the papers.
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
    /// The dossier's provisional code.
    var code: String
    var createdAt: Date
    /// For the PDFs, before they are sealed.
    var folder: URL
    var processing: any PageProcessing

    /// - Returns: the files, and of what those that are documents are made.
    func make() async throws -> (files: [DossierDraft.File], documents: [String: PendingDossier.Document]) {
        var files: [DossierDraft.File] = []
        var documents: [String: PendingDossier.Document] = [:]
        if let form = submission.form {
            files.append(
                .init(name: "to-khai.xml", mediaType: "application/xml", content: .bytes(Data(form.instanceXML().utf8)))
            )
            files.append(try json("answers.json", answers(of: form)))
        }
        guard let procedure = submission.procedure else { return (files, documents) }
        for component in procedure.version.components {
            let pages = submission.pages[component.id] ?? []
            guard !pages.isEmpty else { continue }
            let file = folder.appending(path: PaperList.fileName(of: component))
            let document = document(pages, of: component, procedure.code)
            try await processing.writePDF(document.pages, document.metadata, to: file)
            documents[file.lastPathComponent] = document
            files.append(.init(name: file.lastPathComponent, mediaType: "application/pdf", content: .file(file)))
        }
        files.append(try json("papers.json", PaperList(submission, procedure)))
        return (files, documents)
    }

    private func document(
        _ pages: [VisitPage], of component: DossierComponent, _ procedure: String
    ) -> PendingDossier.Document {
        PendingDossier.Document(
            metadata: DocumentMetadata(
                title: component.label.text("vi"), component: component.id, procedure: procedure, dossier: code,
                codes: pages.flatMap(\.codes), createdAt: createdAt),
            pages: pages.map { DocumentPage(picture: $0.picture, layer: $0.layer) })
    }

    private func json(_ name: String, _ value: some Encodable) throws -> DossierDraft.File {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        return .init(name: name, mediaType: "application/json", content: .bytes(try encoder.encode(value)))
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
