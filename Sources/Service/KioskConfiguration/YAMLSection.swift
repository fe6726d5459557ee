import Foundation
import Yams

/// One mapping of a YAML file while it is read. See ``StrictYAML``.
///
/// Every `or:` is the default when the key is missing; without it the key is required.
public struct YAMLSection {
    public let file: URL
    /// The line where the section begins, counted from 1.
    public let line: Int
    public let keyPath: String
    private let mapping: Node.Mapping
    private var asked: Set<String> = []

    static func visit<Value>(
        _ mapping: Node.Mapping, file: URL, line: Int, keyPath: String,
        _ body: (inout YAMLSection) throws(YAMLFault) -> Value
    ) throws(YAMLFault) -> Value {
        var section = YAMLSection(file: file, line: line, keyPath: keyPath, mapping: mapping)
        let value = try body(&section)
        try section.finish()
        return value
    }

    private init(file: URL, line: Int, keyPath: String, mapping: Node.Mapping) {
        self.file = file
        self.line = line
        self.keyPath = keyPath
        self.mapping = mapping
    }

    /// The section's keys in the order of the file.
    public var keys: [String] { mapping.compactMap { $0.key.scalar?.string } }
    public func has(_ key: String) -> Bool { mapping[key] != nil }

    // MARK: Faults

    /// A fault at a key, for rules that only the caller knows.
    public func fault(_ key: String, _ problem: String, remedy: String) -> YAMLFault {
        let index = mapping.firstIndex { $0.key.scalar?.string == key }
        let at = index.flatMap { mapping[$0].key.mark?.line } ?? line
        return YAMLFault(file: file.path, line: at, keyPath: path(key), problem: problem, remedy: remedy)
    }

    private func path(_ key: String) -> String { keyPath.isEmpty ? key : keyPath + "." + key }

    private func wrongType(_ key: String, _ expected: String) -> YAMLFault {
        fault(key, "is not \(expected)", remedy: "Write \(expected) here")
    }

    private func missing(_ key: String) -> YAMLFault {
        let unknown = keys.filter { !asked.contains($0) }
        if let typo = EditDistance.nearest(to: key, among: unknown) {
            return fault(typo, "unknown key “\(typo)”", remedy: "Did you mean “\(key)”?")
        }
        return YAMLFault(
            file: file.path, line: line, keyPath: path(key), problem: "is missing",
            remedy: "Add the key “\(key)” to this section")
    }

    private func finish() throws(YAMLFault) {
        for (key, _) in mapping {
            guard let name = key.scalar?.string else {
                throw YAMLFault(
                    file: file.path, line: key.mark?.line ?? line, keyPath: keyPath, problem: "a key is not a word",
                    remedy: "Write `key: value`")
            }
            guard !asked.contains(name) else { continue }
            let known = asked.sorted()
            let remedy =
                EditDistance.nearest(to: name, among: known.filter { !keys.contains($0) })
                .map { "Did you mean “\($0)”?" } ?? "Known here: \(known.joined(separator: ", "))"
            throw fault(name, "unknown key “\(name)”", remedy: remedy)
        }
    }

    private mutating func node(_ key: String) -> Node? {
        asked.insert(key)
        guard let node = mapping[key], node.null == nil else { return nil }
        return node
    }

    /// The plain text of a scalar, whatever YAML would make of it: `010` stays `010`.
    private mutating func scalar(_ key: String, _ expected: String) throws(YAMLFault) -> String? {
        guard let node = node(key) else { return nil }
        guard let text = node.scalar?.string else { throw wrongType(key, expected) }
        return text
    }

    // MARK: Values

    /// A text, not empty.
    public mutating func string(_ key: String) throws(YAMLFault) -> String {
        guard let text = try optionalString(key) else { throw missing(key) }
        return text
    }

    public mutating func string(_ key: String, or fallback: String) throws(YAMLFault) -> String {
        try optionalString(key) ?? fallback
    }

    public mutating func optionalString(_ key: String) throws(YAMLFault) -> String? {
        guard let text = try scalar(key, "a text") else { return nil }
        guard !text.isEmpty else { throw fault(key, "is empty", remedy: "Write a text, or leave the key out") }
        return text.precomposedStringWithCanonicalMapping
    }

    public mutating func boolean(_ key: String, or fallback: Bool) throws(YAMLFault) -> Bool {
        guard let text = try scalar(key, "true or false") else { return fallback }
        switch text {
        case "true": return true
        case "false": return false
        default: throw wrongType(key, "true or false")
        }
    }

    public mutating func integer(_ key: String, in range: ClosedRange<Int>) throws(YAMLFault) -> Int {
        guard let value = try optionalInteger(key, in: range) else { throw missing(key) }
        return value
    }

    public mutating func integer(_ key: String, in range: ClosedRange<Int>, or fallback: Int) throws(YAMLFault) -> Int {
        try optionalInteger(key, in: range) ?? fallback
    }

    public mutating func optionalBoolean(_ key: String) throws(YAMLFault) -> Bool? {
        node(key) == nil ? nil : try boolean(key, or: false)
    }

    public mutating func optionalInteger(_ key: String, in range: ClosedRange<Int>) throws(YAMLFault) -> Int? {
        guard let text = try scalar(key, "a whole number") else { return nil }
        guard let value = Int(text) else { throw wrongType(key, "a whole number") }
        guard range.contains(value) else { throw outside(key, range.lowerBound, range.upperBound) }
        return value
    }

    public mutating func number(
        _ key: String, in range: ClosedRange<Double>, or fallback: Double
    ) throws(YAMLFault) -> Double {
        try optionalNumber(key, in: range) ?? fallback
    }

    public mutating func optionalNumber(_ key: String, in range: ClosedRange<Double>) throws(YAMLFault) -> Double? {
        guard let text = try scalar(key, "a number") else { return nil }
        guard let value = Double(text), value.isFinite else { throw wrongType(key, "a number") }
        guard range.contains(value) else { throw outside(key, range.lowerBound, range.upperBound) }
        return value
    }

    /// A time in whole seconds.
    public mutating func seconds(
        _ key: String, in range: ClosedRange<Int>, or fallback: Int
    ) throws(YAMLFault) -> Duration {
        .seconds(try integer(key, in: range, or: fallback))
    }

    private func outside(_ key: String, _ low: some CustomStringConvertible, _ high: some CustomStringConvertible)
        -> YAMLFault
    {
        fault(key, "is out of range", remedy: "Write a number from \(low) to \(high)")
    }

    /// One of the raw values of an enumeration.
    public mutating func choice<Value: RawRepresentable & CaseIterable>(
        _ key: String, or fallback: Value
    ) throws(YAMLFault) -> Value where Value.RawValue == String {
        try optionalChoice(key) ?? fallback
    }

    public mutating func optionalChoice<Value: RawRepresentable & CaseIterable>(
        _ key: String
    ) throws(YAMLFault) -> Value? where Value.RawValue == String {
        guard let text = try optionalString(key) else { return nil }
        return try known(text, key)
    }

    /// A choice that must be made.
    public mutating func choice<Value: RawRepresentable & CaseIterable>(
        _ key: String
    ) throws(YAMLFault) -> Value where Value.RawValue == String {
        guard let value: Value = try optionalChoice(key) else { throw missing(key) }
        return value
    }

    /// A list of choices; the key must be there, the list may be empty.
    public mutating func choices<Value: RawRepresentable & CaseIterable>(
        _ key: String
    ) throws(YAMLFault) -> [Value] where Value.RawValue == String {
        guard has(key) else { throw missing(key) }
        var values: [Value] = []
        for text in try strings(key, or: []) { values.append(try known(text, key)) }
        return values
    }

    private func known<Value: RawRepresentable & CaseIterable>(
        _ text: String, _ key: String
    ) throws(YAMLFault) -> Value where Value.RawValue == String {
        if let value = Value(rawValue: text) { return value }
        let known = Value.allCases.map(\.rawValue)
        let remedy =
            EditDistance.nearest(to: text, among: known).map { "Did you mean “\($0)”?" }
            ?? "Write one of: \(known.joined(separator: ", "))"
        throw fault(key, "“\(text)” is not known here", remedy: remedy)
    }

    /// A path; a relative one counts from the folder of the file.
    public mutating func path(_ key: String, or fallback: String) throws(YAMLFault) -> URL {
        resolve(try string(key, or: fallback))
    }

    public mutating func optionalPath(_ key: String) throws(YAMLFault) -> URL? {
        try optionalString(key).map(resolve)
    }

    private func resolve(_ path: String) -> URL {
        path.hasPrefix("/")
            ? URL(fileURLWithPath: path).standardizedFileURL
            : file.deletingLastPathComponent().appendingPathComponent(path).standardizedFileURL
    }

    /// A text in several languages: a mapping from language to text, or one text for all.
    public mutating func texts(_ key: String, requiring languages: [String] = []) throws(YAMLFault) -> LocalizedText {
        guard let text = try optionalTexts(key, requiring: languages) else { throw missing(key) }
        return text
    }

    public mutating func optionalTexts(
        _ key: String, requiring languages: [String] = []
    ) throws(YAMLFault) -> LocalizedText? {
        guard let node = node(key) else { return nil }
        if let text = node.scalar?.string {
            guard languages.isEmpty, !text.isEmpty else {
                throw fault(
                    key, "has one text where languages are needed",
                    remedy: "Write one line for each of: \(languages.joined(separator: ", "))")
            }
            return LocalizedText(["vi": text.precomposedStringWithCanonicalMapping])
        }
        return try section(key) { section throws(YAMLFault) in
            var texts: [String: String] = [:]
            for language in languages { texts[language] = try section.string(language) }
            for language in section.keys where texts[language] == nil {
                guard language.wholeMatch(of: /[a-z]{2,3}(-[A-Za-z0-9]{2,8})*/) != nil else {
                    throw section.fault(
                        language, "is not a language code", remedy: "Write a BCP 47 code such as vi, en, jra")
                }
                texts[language] = try section.string(language)
            }
            return LocalizedText(texts)
        }
    }

    public mutating func strings(_ key: String, or fallback: [String]) throws(YAMLFault) -> [String] {
        guard let node = node(key) else { return fallback }
        guard let sequence = node.sequence else { throw wrongType(key, "a list of texts") }
        var values: [String] = []
        for item in sequence {
            guard let text = item.scalar?.string, !text.isEmpty else { throw wrongType(key, "a list of texts") }
            values.append(text.precomposedStringWithCanonicalMapping)
        }
        return values
    }

    // MARK: Structure

    /// A section below; read as an empty one when it is missing, so that defaults stand in one place.
    public mutating func section<Value>(
        _ key: String, _ body: (inout YAMLSection) throws(YAMLFault) -> Value
    ) throws(YAMLFault) -> Value {
        guard let node = node(key) else {
            return try Self.visit(.init(), file: file, line: line, keyPath: path(key), body)
        }
        return try visit(node, key: key, keyPath: path(key), body)
    }

    /// The same, nil when the section is missing.
    public mutating func optionalSection<Value>(
        _ key: String, _ body: (inout YAMLSection) throws(YAMLFault) -> Value
    ) throws(YAMLFault) -> Value? {
        guard let node = node(key) else { return nil }
        return try visit(node, key: key, keyPath: path(key), body)
    }

    /// A list of sections; nil when the key is missing.
    public mutating func list<Value>(
        _ key: String, _ body: (inout YAMLSection) throws(YAMLFault) -> Value
    ) throws(YAMLFault) -> [Value]? {
        guard let node = node(key) else { return nil }
        guard let sequence = node.sequence else { throw wrongType(key, "a list (lines that begin with “- ”)") }
        var values: [Value] = []
        for (index, item) in sequence.enumerated() {
            values.append(try visit(item, key: key, keyPath: "\(path(key))[\(index)]", body))
        }
        return values
    }

    /// A required list with at least one section.
    public mutating func requiredList<Value>(
        _ key: String, _ body: (inout YAMLSection) throws(YAMLFault) -> Value
    ) throws(YAMLFault) -> [Value] {
        guard let values = try list(key, body) else { throw missing(key) }
        guard !values.isEmpty else { throw fault(key, "is empty", remedy: "Write at least one entry") }
        return values
    }

    /// All texts below, nested keys joined by dots, with the line of each. Takes every key that was not asked for.
    public mutating func flattenedTexts() throws(YAMLFault) -> [(key: String, text: String, line: Int)] {
        var found: [(key: String, text: String, line: Int)] = []
        for (key, value) in mapping {
            guard let name = key.scalar?.string, asked.insert(name).inserted else { continue }
            if let scalar = value.scalar {
                found.append((path(name), scalar.string.precomposedStringWithCanonicalMapping, key.mark?.line ?? line))
            } else {
                found += try visit(value, key: name, keyPath: path(name)) { below throws(YAMLFault) in
                    try below.flattenedTexts()
                }
            }
        }
        return found
    }

    private func visit<Value>(
        _ node: Node, key: String, keyPath: String, _ body: (inout YAMLSection) throws(YAMLFault) -> Value
    ) throws(YAMLFault) -> Value {
        guard let mapping = node.mapping else { throw wrongType(key, "a section (indented `key: value` lines)") }
        return try Self.visit(
            mapping, file: file, line: node.mark?.line ?? line, keyPath: keyPath, body)
    }
}
