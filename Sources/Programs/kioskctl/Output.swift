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
    static func table(_ rows: [[String]]) {
        let columns = rows.map(\.count).max() ?? 0
        let widths = (0..<columns).map { column in
            rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
        }
        for row in rows {
            let cells = row.enumerated().map { index, cell in
                index == row.count - 1 ? cell : cell + String(repeating: " ", count: widths[index] - cell.count)
            }
            print(cells.joined(separator: "  "))
        }
    }

    /// `✓` or `✗`, so that the eye finds the fault first.
    static func mark(_ ok: Bool) -> String { ok ? "✓" : "✗" }

    /// Why nothing could be answered: on standard error for people; for scripts `{"fault": {…}}` where the answer would be.
    static func complain(_ fault: ControlFault, asJSON: Bool) {
        if asJSON, (try? json(["fault": fault])) != nil { return }
        FileHandle.standardError.write(Data("✗ \(fault.message)\n  → \(fault.remedy)\n".utf8))
    }
}
