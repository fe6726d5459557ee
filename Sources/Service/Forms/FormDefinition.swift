import Foundation

public struct FormDefinition: Sendable {
    public let id: String
    public let version: String
    public let title: String
    public let languages: [FormLanguage]
    /// External secondary instances the form reads, for example `citizen`.
    public let externalInstances: [String]

    /// Loads an ODK XForm.
    public init(contentsOf file: URL) throws(FormError) { try self.init(Data(), name: file.lastPathComponent) }
    public init(_ data: Data, name: String) throws(FormError) {
        throw FormError(form: name, faults: [.init(problem: "not yet", remedy: "Wait")])
    }
}
