import Control
import Foundation

/// How answers look on a terminal: plain text in columns, or JSON for scripts.
enum Output {
    static func json(_ value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        FileHandle.standardOutput.write(try encoder.encode(value) + Data("\n".utf8))
    }

    /// Columns as wide as their widest cell. The first row is the heading.
    /// - Parameter below: what to print below a row, by its index.
    static func table(_ rows: [[String]], below: [Int: String] = [:]) {
        let columns = rows.map(\.count).max() ?? 0
        let widths = (0..<columns).map { column in
            rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
        }
        for (number, row) in rows.enumerated() {
            let cells = row.enumerated().map { index, cell in
                index == row.count - 1 ? cell : cell + String(repeating: " ", count: widths[index] - cell.count)
            }
            let line = cells.joined(separator: "  ")
            print(row.first == mark(false) ? bold(line) : line)
            if let text = below[number] { remedy(text) }
        }
    }

    /// `✓` or `✗`, so that the eye finds the fault first.
    static func mark(_ ok: Bool) -> String { ok ? "✓" : "✗" }

    /// A remedy below the line that it belongs to.
    static func remedy(_ text: String) { print(bold("     → \(text)")) }

    /// Bold on a terminal; plain in a file, a pipe, or where `NO_COLOR` is set (no-color.org).
    static func bold(_ text: String) -> String {
        let isPlain = isatty(STDOUT_FILENO) == 0 || ProcessInfo.processInfo.environment["NO_COLOR"] != nil
        return isPlain ? text : "\u{1B}[1m\(text)\u{1B}[0m"
    }

    /// `17:05` today, as this machine's clock on the wall says it.
    static func time(_ iso8601: String) -> String {
        guard let date = try? Date(iso8601, strategy: .iso8601) else { return iso8601 }
        let parts = Calendar.current.dateComponents([.hour, .minute], from: date)
        return String(format: "%02d:%02d", parts.hour ?? 0, parts.minute ?? 0)
    }

    /// `17:05` today, else `24/11 17:05`.
    static func moment(_ iso8601: String) -> String {
        guard let date = try? Date(iso8601, strategy: .iso8601) else { return iso8601 }
        if Calendar.current.isDateInToday(date) { return time(iso8601) }
        let parts = Calendar.current.dateComponents([.day, .month], from: date)
        return String(format: "%02d/%02d ", parts.day ?? 0, parts.month ?? 0) + time(iso8601)
    }

    /// `17:05:09.123`, from milliseconds since 1970.
    static func clock(ms: Int64) -> String {
        let date = Date(timeIntervalSince1970: Double(ms) / 1000)
        let parts = Calendar.current.dateComponents([.hour, .minute, .second], from: date)
        return String(
            format: "%02d:%02d:%02d.%03d", parts.hour ?? 0, parts.minute ?? 0, parts.second ?? 0, Int(ms % 1000))
    }

    /// Numbers below each other.
    static func right(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }

    /// Why nothing could be answered: on standard error for people; for scripts `{"fault": {…}}` where the answer would be.
    static func complain(_ fault: ControlFault, asJSON: Bool) {
        if asJSON, (try? json(["fault": fault])) != nil { return }
        FileHandle.standardError.write(Data("✗ \(fault.message)\n  → \(fault.remedy)\n".utf8))
    }
}
