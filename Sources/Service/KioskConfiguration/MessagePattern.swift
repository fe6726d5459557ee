/// A text of the kiosk with its placeholders found once, when the locale is loaded: a screen fills dozens of texts while
/// the applicant's finger is still on it.
struct MessagePattern: Sendable, Equatable {
    private enum Piece: Sendable, Equatable {
        case plain(String)
        case placeholder(String)
    }

    private let pieces: [Piece]

    /// - Parameter text: with placeholders such as `{count}`: letters, digits and `_`, a letter first. Other braces are
    ///   braces.
    init(_ text: String) {
        var pieces: [Piece] = []
        var rest = Substring(text)
        if text.contains("{") {
            while let match = rest.firstMatch(of: /\{([A-Za-z][A-Za-z0-9_]*)\}/) {
                if match.range.lowerBound > rest.startIndex {
                    pieces.append(.plain(String(rest[..<match.range.lowerBound])))
                }
                pieces.append(.placeholder(String(match.output.1)))
                rest = rest[match.range.upperBound...]
            }
        }
        if !rest.isEmpty { pieces.append(.plain(String(rest))) }
        self.pieces = pieces
    }

    var placeholders: Set<String> {
        Set(pieces.compactMap { if case .placeholder(let name) = $0 { name } else { nil } })
    }

    /// One pass, so that a value with braces in it is never taken for a placeholder. An argument that is missing leaves
    /// its placeholder.
    func filled(_ arguments: [String: String]) -> String {
        pieces.reduce(into: "") { text, piece in
            switch piece {
            case .plain(let plain): text += plain
            case .placeholder(let name): text += arguments[name] ?? "{\(name)}"
            }
        }
    }
}
