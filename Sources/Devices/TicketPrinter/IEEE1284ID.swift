/// What a printer says of itself to `GET_DEVICE_ID` (USB printer class 1.1, 4.2.1): keys and values as IEEE 1284
/// has them, `MFG:EPSON;CMD:ESC/POS;MDL:TM-T20III;CLS:PRINTER;`.
public struct IEEE1284ID: Sendable, Equatable {
    public let fields: [String: String]

    /// - Parameter answer: two bytes of length, most significant first and counting themselves, then the text.
    /// - Returns: nil when there is no text. A length that lies is ignored: what came is read.
    public init?(answer: [UInt8]) {
        guard answer.count > 2 else { return nil }
        let stated = Int(answer[0]) << 8 | Int(answer[1])
        // Some printers send the length the other way round, or of the text only.
        let text = stated >= 2 && stated <= answer.count ? answer[2..<stated] : answer[2...]
        self.init(text: String(decoding: text.prefix(1021), as: UTF8.self))
    }

    public init?(text: String) {
        var fields: [String: String] = [:]
        for part in text.split(separator: ";").prefix(40) {
            guard let colon = part.firstIndex(of: ":") else { continue }
            let key = Self.trimmed(part[..<colon]).uppercased()
            if !key.isEmpty { fields[key] = Self.trimmed(part[part.index(after: colon)...]) }
        }
        guard !fields.isEmpty else { return nil }
        self.fields = fields
    }

    private static func trimmed(_ text: Substring) -> String {
        String(text.drop { $0.isWhitespace || $0 == "\0" }.reversed().drop { $0.isWhitespace || $0 == "\0" }.reversed())
    }

    public var manufacturer: String? { fields["MFG"] ?? fields["MANUFACTURER"] }
    public var model: String? { fields["MDL"] ?? fields["MODEL"] }
    public var commandSet: String? { fields["CMD"] ?? fields["COMMAND SET"] }

    /// Maker and model, as people say them.
    public var product: String? {
        let words = [manufacturer, model].compactMap { $0 }
        return words.isEmpty ? nil : words.joined(separator: " ")
    }
}
