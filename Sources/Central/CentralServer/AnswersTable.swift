import Foundation

/// A form's answers as rows to read. When the JSON carries `rows` (each with `label` and `value`, as the applicant saw
/// them), those are shown; otherwise its fields by their paths.
struct AnswersTable: Equatable {
    struct Row: Equatable {
        let label: String
        let value: String
    }

    static let mostRows = 2000
    static let mostBytes = 4 * 1024 * 1024
    static let deepest = 12

    let rows: [Row]

    /// nil when it is not JSON, or too large to show.
    init?(_ json: Data) {
        guard json.count <= Self.mostBytes, let value = try? JSONDecoder().decode(Value.self, from: json) else {
            return nil
        }
        var rows: [Row] = []
        if case .object(let members) = value, case .list(let listed)? = members["rows"] {
            for case .object(let row) in listed.prefix(Self.mostRows) {
                guard case .text(let label)? = row["label"], let shown = row["value"]?.scalar else { continue }
                rows.append(Row(label: label, value: shown))
            }
        } else {
            Self.flatten(value, path: "", depth: 0, into: &rows)
        }
        self.rows = rows
    }

    private static func flatten(_ value: Value, path: String, depth: Int, into rows: inout [Row]) {
        guard rows.count < mostRows, depth < deepest else { return }
        switch value {
        case .object(let members):
            for (name, member) in members.sorted(by: { $0.key < $1.key }) {
                flatten(member, path: path.isEmpty ? name : "\(path) › \(name)", depth: depth + 1, into: &rows)
            }
        case .list(let items):
            for (index, item) in items.enumerated() {
                flatten(item, path: "\(path) \(index + 1)", depth: depth + 1, into: &rows)
            }
        default:
            if let scalar = value.scalar { rows.append(Row(label: path, value: scalar)) }
        }
    }

    private enum Value: Decodable {
        case text(String)
        case number(Double)
        case bool(Bool)
        case list([Value])
        case object([String: Value])
        case null

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if container.decodeNil() {
                self = .null
            } else if let bool = try? container.decode(Bool.self) {
                self = .bool(bool)
            } else if let number = try? container.decode(Double.self) {
                self = .number(number)
            } else if let text = try? container.decode(String.self) {
                self = .text(text)
            } else if let list = try? container.decode([Value].self) {
                self = .list(list)
            } else {
                self = .object(try container.decode([String: Value].self))
            }
        }

        var scalar: String? {
            switch self {
            case .text(let text): text
            case .number(let number): number == number.rounded() && abs(number) < 1e15 ? "\(Int(number))" : "\(number)"
            case .bool(let bool): bool ? "có" : "không"
            case .null: "—"
            case .list, .object: nil
            }
        }
    }
}
