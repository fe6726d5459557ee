/// A text in one or more languages, from configuration.
public struct LocalizedText: Sendable, Hashable, Codable {
    /// By BCP 47 code.
    public var texts: [String: String]

    public init(_ texts: [String: String]) { self.texts = texts }

    /// The text in a language; else in Vietnamese, English, or any other.
    public func text(_ language: String) -> String {
        texts[language] ?? texts["vi"] ?? texts["en"] ?? texts.min { $0.key < $1.key }?.value ?? ""
    }
}
