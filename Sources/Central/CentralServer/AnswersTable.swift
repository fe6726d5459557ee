import Foundation

/// A form's answers as rows to read. A kiosk's `answers.json` lists `answers`, each with the `label` and the `display`
/// that the applicant saw, and the `applicant` whose card was read; any other JSON is shown by the paths of its fields.
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
        if case .object(let members) = value, case .list(let answers)? = members["answers"] {
            if case .object(let applicant)? = members["applicant"] { rows = Self.applicant(applicant) }
            for case .object(let answer) in answers.prefix(Self.mostRows) {
                guard case .text(let label)? = answer["label"] else { continue }
                let shown = answer["display"]?.scalar ?? answer["value"]?.scalar ?? ""
                rows.append(Row(label: label, value: shown.isEmpty ? "—" : shown))
            }
        } else {
            Self.flatten(value, path: "", depth: 0, into: &rows)
        }
        self.rows = rows
    }

    private static func applicant(_ members: [String: Value]) -> [Row] {
        [
            ("number", "Số định danh của người nộp"), ("name", "Họ và tên người nộp"),
            ("dateOfBirth", "Ngày sinh người nộp"), ("access", "Cách đọc thẻ"),
            ("cardToBeShown", "Cần kiểm tra thẻ tại quầy"),
        ].compactMap { key, label in members[key]?.scalar.map { Row(label: label, value: $0) } }
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
