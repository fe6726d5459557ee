/// What makes an element of a ticket illegible or empty, by the key that decides about it.
public struct TicketElementProblem: Sendable, Equatable {
    /// As it stands in the template's file, for example `millimetres`.
    public var key: String
    public var problem: String
    public var remedy: String
}

extension TicketElement {
    /// What can be told without drawing it.
    public var problems: [TicketElementProblem] {
        sizeProblems + textProblems + columnProblems + logoProblems
    }

    private var sizeProblems: [TicketElementProblem] {
        var found: [TicketElementProblem] = []
        found += Self.pointsProblem(points)
        if let lines, !(1...20).contains(lines) {
            found.append(.init(key: "lines", problem: "is out of range", remedy: "Write a number from 1 to 20"))
        }
        let least = kind == .number ? Self.smallestNumber : 0
        if let millimetres, !(least...100).contains(millimetres) {
            found.append(
                .init(
                    key: "millimetres",
                    problem: kind == .number ? "makes the number less than 14 mm high" : "is out of range",
                    remedy: "Write a number from \(Int(least)) to 100"))
        }
        return found
    }

    private var textProblems: [TicketElementProblem] {
        switch kind {
        case .text, .banner, .number:
            guard let text else {
                return [.init(key: "text", problem: "is missing", remedy: "Write a text, for example {procedure}")]
            }
            return Self.fieldProblems(text)
        case .notes, .columns, .qr, .logo, .rule, .space, .feed: return []
        }
    }

    private var columnProblems: [TicketElementProblem] {
        guard kind == .columns else { return [] }
        guard (2...3).contains(columns.count) else {
            return [.init(key: "columns", problem: "are \(columns.count)", remedy: "Write two or three columns")]
        }
        return columns.flatMap { column in
            var found = Self.fieldProblems(column.text) + Self.pointsProblem(column.points)
            if let share = column.share, !(0.1...10).contains(share) {
                found.append(.init(key: "share", problem: "is out of range", remedy: "Write a number from 0.1 to 10"))
            }
            return found.map {
                TicketElementProblem(key: "columns", problem: "\($0.key) \($0.problem)", remedy: $0.remedy)
            }
        }
    }

    private var logoProblems: [TicketElementProblem] {
        guard kind == .logo else { return [] }
        guard let logo else {
            return [.init(key: "file", problem: "is missing", remedy: "Name a PNG file beside the template")]
        }
        guard logo.png.count <= TicketLogo.mostBytes else {
            return [.init(key: "file", problem: "has more than 1 MB", remedy: "Give a smaller picture")]
        }
        return []
    }

    private static func pointsProblem(_ points: Double?) -> [TicketElementProblem] {
        guard let points, !(smallestPoints...largestPoints).contains(points) else { return [] }
        return [.init(key: "points", problem: "is out of range", remedy: "Write a number from 10 to 72")]
    }

    /// Unknown fields, and fields inside a tag, where the ticket's data would decide about the markup.
    private static func fieldProblems(_ text: String) -> [TicketElementProblem] {
        var isInTag = false
        var found: [TicketElementProblem] = []
        var rest = Substring(text)
        while let character = rest.popFirst() {
            switch character {
            case "<": isInTag = true
            case ">": isInTag = false
            case "{":
                let name = String(rest.prefix { $0 != "}" })
                if isInTag {
                    found.append(
                        .init(
                            key: "text", problem: "has the field {\(name)} inside a tag",
                            remedy: "Write fields outside < and >"))
                } else if !fields.contains(name) {
                    found.append(
                        .init(
                            key: "text", problem: "has the unknown field {\(name)}",
                            remedy: "Write one of: \(fields.map { "{\($0)}" }.joined(separator: " "))"))
                }
            default: break
            }
        }
        return found
    }
}
