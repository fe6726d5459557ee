import Foundation

/// The kiosk's own texts in every language it speaks, from `kiosk-config/locales/<language>.yaml`.
///
/// Keys may be nested (`form:` / `next:` is `form.next`). `{name}` in a text is a placeholder. Every language must have
/// the same keys and each key the same placeholders, or loading fails.
public struct Locales: Sendable, Equatable {
    /// By language; the same keys in each.
    public let localizations: [String: Localization]
    /// The languages in the order they were asked for.
    public let languages: [String]

    public static func load(directory: URL, languages: [String]) throws(YAMLFault) -> Locales {
        var texts: [String: [String: (text: String, line: Int)]] = [:]
        for language in languages {
            let file = directory.appendingPathComponent("\(language).yaml")
            let entries = try StrictYAML.read(file) { root throws(YAMLFault) in try root.flattenedTexts() }
            texts[language] = Dictionary(
                entries.map { ($0.key, ($0.text, $0.line)) }, uniquingKeysWith: { first, _ in first })
        }
        let all = Set(texts.values.flatMap(\.keys))
        for language in languages {
            let file = directory.appendingPathComponent("\(language).yaml").path
            let missing = all.filter { texts[language]?[$0] == nil }.sorted()
            guard missing.isEmpty else {
                throw YAMLFault(
                    file: file, line: nil, keyPath: "", problem: "lacks \(missing.joined(separator: ", "))",
                    remedy: "Add these keys; other languages have them")
            }
        }
        if let first = languages.first { try checkPlaceholders(texts, against: first, directory: directory) }
        return Locales(
            localizations: texts.reduce(into: [:]) { result, entry in
                result[entry.key] = Localization(language: entry.key, texts: entry.value.mapValues(\.text))
            },
            languages: languages)
    }

    private static func checkPlaceholders(
        _ texts: [String: [String: (text: String, line: Int)]], against first: String, directory: URL
    ) throws(YAMLFault) {
        for (language, entries) in texts where language != first {
            for (key, entry) in entries.sorted(by: { $0.value.line < $1.value.line }) {
                let wanted = MessagePattern(texts[first]?[key]?.text ?? "").placeholders
                guard MessagePattern(entry.text).placeholders != wanted else { continue }
                throw YAMLFault(
                    file: directory.appendingPathComponent("\(language).yaml").path, line: entry.line, keyPath: key,
                    problem: "has other placeholders than \(first).yaml",
                    remedy: "Use exactly these: \(wanted.sorted().map { "{\($0)}" }.joined(separator: " "))")
            }
        }
    }

    /// The texts of a language; of the first language when it is not one of ours.
    public subscript(language: String) -> Localization {
        localizations[language] ?? languages.first.flatMap { localizations[$0] }
            ?? Localization(language: language, texts: [:])
    }
}

/// The texts of one language.
public struct Localization: Sendable, Equatable {
    /// BCP 47.
    public let language: String
    private let texts: [String: MessagePattern]

    public init(language: String, texts: [String: String]) {
        self.language = language
        self.texts = texts.mapValues(MessagePattern.init)
    }

    public var keys: Set<String> { Set(texts.keys) }
    public func has(_ key: String) -> Bool { texts[key] != nil }

    /// The text with its placeholders filled. An unknown key gives the key itself, which shows up on the screen and in
    /// tests; an argument that is missing leaves its placeholder.
    public func text(_ key: String, _ arguments: [String: String] = [:]) -> String {
        texts[key]?.filled(arguments) ?? key
    }
}
