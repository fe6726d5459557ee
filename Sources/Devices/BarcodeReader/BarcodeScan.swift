/// What a reader decoded. Personal data: it is handed to those who listen and kept nowhere.
public struct BarcodeScan: Sendable, Equatable {
    /// Joined, in NFC.
    public var text: String
    /// False when letters may be missing or wrong: a keyboard types only what its layout has. Digits and dates are
    /// right all the same.
    public var isReliable: Bool

    public init(text: String, isReliable: Bool = true) {
        self.text = text
        self.isReliable = isReliable
    }

    /// The text with nothing in it that may be wrong: of an identity card that a keyboard typed, only the fields of
    /// digits are left (numbers and dates), so that a mangled name is seen by nobody; the chip tells the name.
    public var trustedText: String {
        guard !isReliable else { return text }
        let fields = text.split(separator: "|", omittingEmptySubsequences: false)
        guard fields.count >= 7, fields[0].utf8.count == 12, Self.isDigits(fields[0]) else { return text }
        return fields.map { Self.isDigits($0) ? String($0) : "" }.joined(separator: "|")
    }

    private static func isDigits(_ text: Substring) -> Bool { text.utf8.allSatisfy { (0x30...0x39).contains($0) } }
}
