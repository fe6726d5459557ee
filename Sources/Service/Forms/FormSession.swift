import Foundation

public struct FormSession: Sendable {
    public let definition: FormDefinition
    /// BCP 47. Setting a language the form lacks falls back to the form's default; answers stay.
    public var language: String

    /// - Parameters:
    ///   - secondary: values of `instance('citizen')/root/<key>`, by instance and key; see `Citizen.formValues`.
    public init(
        _ definition: FormDefinition, language: String, secondary: [String: [String: String]] = [:],
        timeZone: TimeZone, now: @escaping @Sendable () -> Date = { Date() },
        uuid: @escaping @Sendable () -> UUID = { UUID() }
    ) {
        self.definition = definition
        self.language = language
    }

    /// The pages that have at least one relevant question, in order.
    public var pages: [FormPage] { [] }
    public func page(_ id: String) -> FormPage? { nil }

    /// Answers a question; everything that depends on it is calculated anew.
    /// - Returns: what is wrong with the value; it is kept as typed then, so that it can be corrected.
    @discardableResult
    public mutating func answer(_ path: String, _ value: String) -> FormProblem? { nil }

    /// Checks a page; its problems are shown by its questions from now on. Empty: go on.
    public mutating func validate(page id: String) -> [FormProblem] { [] }
    /// Checks everything, in page order.
    public mutating func validateAll() -> [FormProblem] { [] }
    /// The page that holds a question.
    public func pageID(of path: String) -> String? { nil }

    /// The summary: relevant questions with an answer, in page order.
    public var answers: [FormAnswer] { [] }
    /// The relevant leaves of the instance that hold a value, calculated ones too, by path.
    public var values: [String: String] { [:] }
    /// The submission: relevant nodes only, UTF-8.
    public func instanceXML() -> String { "" }
}
