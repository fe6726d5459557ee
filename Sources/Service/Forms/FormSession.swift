import Foundation
import Peripherals

/// One applicant's answers to a form: a value that holds everything in memory and leaves nothing behind.
///
/// ```swift
/// var session = FormSession(definition, language: "vi", secondary: ["citizen": citizen.formValues], timeZone: zone)
/// let page = session.pages[0]
/// session.answer("/data/child/full_name", "Nguyễn An")
/// if session.validate(page: page.id).isEmpty { /* go on */ }
/// ```
public struct FormSession: Sendable {
    public let definition: FormDefinition
    /// BCP 47. A language that the form lacks becomes the form's default; answers stay.
    public var language: String {
        didSet {
            language = definition.language(language)
            recalculate()
        }
    }

    private let secondary: [String: [String: String]]
    private let timeZone: TimeZone
    private let now: @Sendable () -> Date
    private let uuid: @Sendable () -> UUID
    /// By node, as typed.
    private var stored: [String]
    private var origins: [Int: String] = [:]
    private var relevant: [Bool]
    /// Questions whose problems may be shown.
    private var checked: Set<String> = []
    /// All problems are in it, shown or not.
    private var current: [FormPage] = []

    /// Expressions that could not be evaluated, for the log; normally empty. They carry no answers.
    public private(set) var faults: [FormError.Fault] = []

    /// - Parameters:
    ///   - secondary: values of `instance('citizen')/root/<name>`, by instance and name; see `Citizen.formValues`.
    ///     What is missing reads as empty.
    ///   - timeZone: decides what `today()` is.
    public init(
        _ definition: FormDefinition, language: String, secondary: [String: [String: String]] = [:],
        timeZone: TimeZone, now: @escaping @Sendable () -> Date = { Date() },
        uuid: @escaping @Sendable () -> UUID = { UUID() }
    ) {
        self.definition = definition
        self.language = definition.language(language)
        self.timeZone = timeZone
        self.now = now
        self.uuid = uuid
        // Absent elements would equal nothing at all, not even an empty text (XPath 1.0, 3.4).
        self.secondary = definition.externalFields.mapValues { names in
            Dictionary(uniqueKeysWithValues: names.map { ($0, "") })
        }.merging(secondary.filter { definition.externalFields[$0.key] != nil }) { empty, given in
            empty.merging(given) { $1 }
        }
        stored = definition.model.nodes.map(\.initial)
        relevant = stored.map { _ in true }
        for (index, node) in definition.model.nodes.enumerated() {
            switch node.bind.preload {
            case nil, .end?: break
            case .uid?: stored[index] = "uuid:" + uuid().uuidString.lowercased()
            case .today?: stored[index] = FormDates.today(now(), timeZone)
            case .start?: stored[index] = FormDates.local(now(), timeZone)
            }
        }
        recalculate()
        for change in definition.model.firstLoad { recalculate(after: [change]) }
    }

    // MARK: Questions

    /// The pages that have at least one relevant question, in order.
    public var pages: [FormPage] {
        current.map { page in
            var page = page
            for index in page.questions.indices where !checked.contains(page.questions[index].path) {
                page.questions[index].problem = nil
            }
            return page
        }
    }

    /// nil when there is no such page now.
    public func page(_ id: String) -> FormPage? { pages.first { $0.id == id } }

    /// The page that holds a question now.
    public func pageID(of path: String) -> String? {
        current.first { $0.questions.contains { $0.path == path } }?.id
    }

    // MARK: Answers

    /// Answers a question; everything that depends on it is calculated anew.
    ///
    /// Dates may be ISO or `d/M/yyyy`. A question that is not relevant now takes no answer.
    /// - Returns: what is wrong with the value. It is kept as typed then, so that it can be corrected, except where the
    ///   question is unknown or read-only or the option does not exist.
    @discardableResult
    public mutating func answer(_ path: String, _ value: String) -> FormProblem? {
        let model = definition.model
        guard let index = model.index[path], let control = model.controls[index] else {
            return FormProblem(path: path, kind: .unknownQuestion, message: nil)
        }
        guard let question = question(path), question.control != .note else { return nil }
        let isLong = control.appearance.contains("multiline")
        var text = AnswerReader.clean(value, isLong: isLong)
        if control.kind == .input,
            case .success(let good) = AnswerReader.value(text, model.nodes[index].bind.type, isLong: isLong)
        {
            text = good
        }
        guard text != question.value else {
            checked.insert(path)
            return question.problem
        }
        if question.readOnly { return FormProblem(path: path, kind: .readOnly, message: nil) }
        if control.kind != .input {
            let chosen = text.split(separator: " ").map(String.init)
            let offered = Set(question.options.map(\.value))
            guard chosen.allSatisfy(offered.contains), control.kind == .selectMultiple || chosen.count <= 1 else {
                return FormProblem(path: path, kind: .notAnOption, message: nil)
            }
            text = question.options.map(\.value).filter(chosen.contains).joined(separator: " ")
        } else if text.count > AnswerReader.maximumLongText {
            return FormProblem(path: path, kind: .tooLong, message: nil)
        }
        stored[index] = text
        origins[index] = nil
        checked.insert(path)
        recalculate(after: control.changes)
        return self.question(path)?.problem
    }

    /// Answers several questions, in the order in which they stand on their pages.
    /// - Returns: the problems of those that are still relevant, in that order.
    @discardableResult
    public mutating func answer(_ values: [String: String]) -> [FormProblem] {
        let order = Dictionary(
            definition.model.nodes.enumerated().map { ($0.element.path, $0.offset) },
            uniquingKeysWith: { first, _ in first })
        let paths = values.keys.sorted { (order[$0] ?? .max, $0) < (order[$1] ?? .max, $1) }
        let refused = paths.compactMap { path in
            answer(path, values[path] ?? "").flatMap { Self.isKept($0.kind) ? nil : $0 }
        }
        return refused + current.flatMap(\.questions).compactMap { values[$0.path] == nil ? nil : $0.problem }
    }

    /// Whether a value with such a problem stays in the question.
    private static func isKept(_ kind: FormProblem.Kind) -> Bool {
        switch kind {
        case .required, .constraint, .notAnInteger, .notADecimal, .notADate, .tooLong: true
        case .notAnOption, .readOnly, .unknownQuestion: false
        }
    }

    /// Checks a page; its questions show their problems from now on. Empty: go on.
    public mutating func validate(page id: String) -> [FormProblem] {
        recalculate()  // the clock may have moved on
        guard let page = current.first(where: { $0.id == id }) else { return [] }
        checked.formUnion(page.questions.map(\.path))
        return page.questions.compactMap(\.problem)
    }

    /// Checks everything, in page order. Empty: the form may be submitted.
    public mutating func validateAll() -> [FormProblem] {
        recalculate()
        checked.formUnion(current.flatMap(\.questions).map(\.path))
        return current.flatMap(\.questions).compactMap(\.problem)
    }

    private func question(_ path: String) -> FormQuestion? {
        for page in current {
            if let question = page.questions.first(where: { $0.path == path }) { return question }
        }
        return nil
    }

    // MARK: Results

    /// The summary: relevant questions with an answer, in page order.
    public var answers: [FormAnswer] {
        current.flatMap { page in
            page.questions.filter { $0.control != .note && !$0.value.isEmpty }.map { question in
                FormAnswer(
                    path: question.path, page: page.id, label: question.label, value: question.value,
                    displayValue: Self.display(question), readOnly: question.readOnly, origin: question.origin)
            }
        }
    }

    private static func display(_ question: FormQuestion) -> String {
        switch question.control {
        case .selectOne, .selectMultiple:
            return question.options.filter(\.isSelected).map(\.label).joined(separator: ", ")
        case .date:
            return FormDates.moment(question.value).map { FormDates.format($0, "%d/%m/%Y") } ?? question.value
        default: return question.value
        }
    }

    /// The relevant leaves of the instance that hold a value, calculated ones too, by path.
    public var values: [String: String] {
        var values: [String: String] = [:]
        for (index, node) in definition.model.nodes.enumerated()
        where node.children.isEmpty && relevant[index] && !stored[index].isEmpty {
            values[node.path] = stored[index]
        }
        return values
    }

    /// The submission: the instance with its relevant nodes, UTF-8.
    public func instanceXML() -> String {
        InstanceWriter(
            model: definition.model, values: stored, relevant: relevant, end: FormDates.local(now(), timeZone)
        )
        .text
    }

    // MARK: Calculation

    private mutating func recalculate(after changes: [FormSetValue] = []) {
        let input = Evaluation.Input(
            model: definition.model, language: language, secondary: secondary, now: now(), timeZone: timeZone,
            uuid: uuid)
        guard let evaluation = Evaluation(input, values: stored, origins: origins) else {
            faults = [.init(problem: "no memory to evaluate the form", remedy: "Free memory")]
            return
        }
        evaluation.calculate()
        if !changes.isEmpty {
            for change in changes {
                let value = change.value.flatMap { evaluation.evaluate($0, at: change.target) } ?? .text(change.text)
                evaluation.set(value, at: change.target, from: change.value)
            }
            evaluation.calculate()
        }
        stored = evaluation.values
        origins = evaluation.origins
        relevant = evaluation.relevant
        current = evaluation.pages()
        faults = evaluation.faults
    }
}

extension FormSession: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Names the form, never an answer: safe in a log.
    public var description: String { "form \(definition.id) version \(definition.version), \(language)" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: [], displayStyle: .struct) }
}
