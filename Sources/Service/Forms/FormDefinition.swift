import Foundation
import Peripherals

/// A form, loaded from an ODK XForm and checked: whatever the engine does not support is an error here, never a
/// surprise in front of an applicant.
///
/// Share one definition among all visits; each visit has its own ``FormSession``.
public struct FormDefinition: Sendable {
    public let id: String
    /// Free text, usually a date; empty when the form has none.
    public let version: String
    public let title: String
    /// The default language first.
    public let languages: [FormLanguage]
    /// External secondary instances the form reads, for example `citizen`.
    public let externalInstances: [String]
    /// The names in each of them; a session fills those it does not know with empty texts.
    let externalFields: [String: Set<String>]
    let model: FormModel

    /// What forms may read from the kiosk: the card's holder.
    public static let kioskInstances: [String: Set<String>] = ["citizen": Citizen.formFields]

    public init(
        contentsOf file: URL, externalInstances: [String: Set<String>] = kioskInstances
    ) throws(FormError) {
        let data: Data
        do { data = try Data(contentsOf: file) } catch {
            throw FormError(
                form: file.path,
                faults: [
                    .init(
                        problem: "the file cannot be read",
                        remedy: "Check that it exists (scripts/forms makes it) and that the service may read it")
                ])
        }
        try self.init(data, name: file.lastPathComponent, externalInstances: externalInstances)
    }

    /// - Parameters:
    ///   - name: names the form in errors.
    ///   - externalInstances: the secondary instances that sessions will hand in, with the names in each.
    public init(
        _ data: Data, name: String, externalInstances: [String: Set<String>] = kioskInstances
    ) throws(FormError) {
        let root: MarkupElement
        do { root = try MarkupReader.read(data) } catch { throw FormError(form: name, faults: [error]) }
        var loader = FormLoader(known: externalInstances)
        loader.load(root)
        guard loader.faults.isEmpty else {
            throw FormError(form: name, faults: loader.faults.sorted { ($0.line ?? 0) < ($1.line ?? 0) })
        }
        id = loader.id
        version = loader.version
        title = loader.title
        languages = loader.languages
        self.externalInstances = loader.external.sorted()
        externalFields = externalInstances.filter { loader.external.contains($0.key) }
        model = loader.model
    }

    /// The code of a language the form has: the one asked for, or its default.
    public func language(_ wanted: String) -> String {
        languages.contains { $0.code == wanted } ? wanted : languages.first?.code ?? wanted
    }
}
