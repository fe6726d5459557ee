import Foundation

/// The parts of a PEM file (RFC 7468), read as leniently as people write: any line ends and lengths, any text around the parts.
/// (swift-asn1's PEM wants lines of 64 characters and the one line end, and files that were mailed or edited have others.)
enum PEM {
    struct Part {
        var label: String
        var bytes: [UInt8]
    }

    /// - Throws: when a part has no end or is not base64. A file without any part may be bare base64.
    static func parts(of text: String, limit: Int) throws(CardTrustError) -> [Part] {
        var parts: [Part] = []
        var label: String?
        var body = ""
        for line in text.split(whereSeparator: \.isNewline).map({ $0.trimmingCharacters(in: .whitespaces) }) {
            if let name = boundary(line, "BEGIN") {
                (label, body) = (name, "")
            } else if let open = label, boundary(line, "END") == open {
                guard parts.count < limit else { throw .tooLarge("file of more than \(limit) parts") }
                guard let bytes = Data(base64Encoded: body), !bytes.isEmpty else {
                    throw .malformed("base64 of \(open)")
                }
                parts.append(Part(label: open, bytes: Array(bytes)))
                label = nil
            } else if label != nil {
                body += line
            }
        }
        if let label { throw .malformed("PEM: \(label) has no end") }
        if parts.isEmpty, let bytes = Data(base64Encoded: text.filter { !$0.isWhitespace }), bytes.first == 0x30 {
            return [Part(label: "CERTIFICATE", bytes: Array(bytes))]
        }
        return parts
    }

    /// The label in `-----BEGIN LABEL-----`, also behind a byte order mark.
    private static func boundary(_ line: String, _ word: String) -> String? {
        guard let start = line.range(of: "-----\(word) "), line.hasSuffix("-----"),
            line[..<start.lowerBound].allSatisfy({ $0 == "\u{FEFF}" })
        else { return nil }
        return String(line[start.upperBound...].dropLast(5))
    }
}
