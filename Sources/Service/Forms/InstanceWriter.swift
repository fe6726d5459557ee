/// Writes the instance for submission.
struct InstanceWriter {
    var model: FormModel
    var values: [String]
    var relevant: [Bool]
    /// The moment of submission, where the form asks for it.
    var end: String

    var text: String { "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + element(0, indent: "") }

    private func element(_ index: Int, indent: String) -> String {
        let node = model.nodes[index]
        guard relevant[index] else { return "" }
        let attributes = node.attributes.sorted { $0.key < $1.key }
            .map { " \($0.key)=\"\(Self.escaped($0.value))\"" }.joined()
        if node.children.isEmpty {
            let value: String = if case .end? = node.bind.preload { end } else { values[index] }
            return "\(indent)<\(node.name)\(attributes)"
                + (value.isEmpty ? "/>\n" : ">\(Self.escaped(value))</\(node.name)>\n")
        }
        let inner = node.children.map { element($0, indent: indent + "  ") }.joined()
        return "\(indent)<\(node.name)\(attributes)>\n\(inner)\(indent)</\(node.name)>\n"
    }

    private static func escaped(_ text: String) -> String {
        text.reduce(into: "") { result, character in
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            default: result.append(character)
            }
        }
    }
}
