/// Bytes as a trace writes them: upper-case hexadecimal; sixteen equal bytes or more as `(00x15360)`.
enum HexText {
    /// No answer of a card is longer.
    static let limit = 1 << 20
    private static let shortestRun = 16

    static func byte(_ value: UInt8) -> String {
        let digits = String(value, radix: 16, uppercase: true)
        return digits.utf8.count == 1 ? "0" + digits : digits
    }

    static func encode(_ bytes: [UInt8]) -> String {
        var text = ""
        var at = 0
        while at < bytes.count {
            let run = bytes[at...].prefix { $0 == bytes[at] }.count
            if run >= shortestRun {
                text += "(\(byte(bytes[at]))x\(run))"
                at += run
            } else {
                text += byte(bytes[at])
                at += 1
            }
        }
        return text
    }

    /// - Returns: nil for what `encode` does not write.
    static func decode(_ text: String) -> [UInt8]? {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let first = rest.first {
            if first == UInt8(ascii: "(") {
                guard let end = rest.firstIndex(of: UInt8(ascii: ")")) else { return nil }
                let parts = rest[rest.index(after: rest.startIndex)..<end].split(separator: UInt8(ascii: "x"))
                guard parts.count == 2, parts[0].count == 2, let value = number(parts[0], 16),
                    let count = number(parts[1], 10), count <= limit - bytes.count
                else { return nil }
                bytes += [UInt8](repeating: UInt8(truncatingIfNeeded: value), count: count)
                rest = rest[rest.index(after: end)...]
            } else {
                guard rest.count >= 2, bytes.count < limit, let value = number(rest.prefix(2), 16) else { return nil }
                bytes.append(UInt8(truncatingIfNeeded: value))
                rest = rest.dropFirst(2)
            }
        }
        return bytes
    }

    private static func number(_ digits: Substring.UTF8View, _ radix: Int) -> Int? {
        // `Int` would take a sign.
        guard digits.allSatisfy({ $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "-") }) else { return nil }
        return Int(Substring(digits), radix: radix)
    }
}
