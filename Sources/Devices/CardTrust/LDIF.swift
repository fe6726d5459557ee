import Foundation

/// The binary values of an LDIF file (RFC 2849), as the ICAO public key directory gives it out.
enum LDIF {
    /// Only these attributes are taken.
    private static let attributes: Set<String> = [
        "usercertificate", "cacertificate", "certificaterevocationlist", "pkdmasterlistcontent",
    ]

    static func isLikely(_ bytes: [UInt8]) -> Bool {
        let head = String(decoding: bytes.prefix(4096), as: UTF8.self)
        return head.split(whereSeparator: \.isNewline).contains { $0.hasPrefix("dn:") || $0 == "version: 1" }
    }

    /// Attribute in small letters without options, and decoded value, in the order of the file.
    static func values(in bytes: [UInt8]) throws(CardTrustError) -> [(attribute: String, value: [UInt8])] {
        var values: [(String, [UInt8])] = []
        var line: [UInt8] = []
        func finish() throws(CardTrustError) {
            defer { line.removeAll(keepingCapacity: true) }
            guard let separator = line.firstRange(of: Array("::".utf8)) else { return }
            let name = String(decoding: line[..<separator.lowerBound], as: UTF8.self).lowercased()
            let attribute = String(name.prefix { $0 != ";" })
            guard attributes.contains(attribute) else { return }
            guard let value = Data(base64Encoded: Data(line[separator.upperBound...].filter { $0 != 0x20 })) else {
                throw .malformed("LDIF: base64 of \(attribute)")
            }
            guard values.count < TrustFile.partLimit * 8 else { throw .tooLarge("LDIF file") }
            values.append((attribute, attribute == "usercertificate" ? [] : Array(value)))
        }
        for part in bytes.split(separator: 0x0A, omittingEmptySubsequences: false) {
            let text = part.last == 0x0D ? part.dropLast() : part
            // A line that begins with a space goes on where the last one stopped (RFC 2849, note 2).
            if text.first == 0x20 {
                line += text.dropFirst()
            } else {
                try finish()
                line += text
            }
        }
        try finish()
        return values
    }
}
