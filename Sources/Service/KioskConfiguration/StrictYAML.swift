import Foundation
import Yams

/// Reads YAML files that people write: everything is asked for by name, and what was not asked for is an error that
/// names the nearest known key.
///
/// ```swift
/// let port = try StrictYAML.read(file) { root throws(YAMLFault) in
///     try root.section("web") { web throws(YAMLFault) in
///         try web.integer("port", in: 1...65535, or: 8480)
///     }
/// }
/// ```
public enum StrictYAML {
    /// Bounds of what is believed before it is read.
    static let maximumBytes = 1 << 20
    static let maximumNodes = 50_000
    static let maximumDepth = 32

    /// Reads the file's mapping; afterwards every key must have been asked for.
    public static func read<Value>(
        _ file: URL, _ body: (inout YAMLSection) throws(YAMLFault) -> Value
    ) throws(YAMLFault) -> Value {
        let data: Data
        do { data = try Data(contentsOf: file) } catch {
            throw YAMLFault(
                file: file.path, line: nil, keyPath: "", problem: "cannot be read",
                remedy: "Check that the file exists and that the service may read it")
        }
        return try read(data, file: file, body)
    }

    /// The same for a text at hand; `file` names it in errors and is the base of relative paths.
    public static func read<Value>(
        _ data: Data, file: URL, _ body: (inout YAMLSection) throws(YAMLFault) -> Value
    ) throws(YAMLFault) -> Value {
        func fault(_ line: Int?, _ problem: String, _ remedy: String) -> YAMLFault {
            YAMLFault(file: file.path, line: line, keyPath: "", problem: problem, remedy: remedy)
        }
        guard data.count <= maximumBytes else {
            throw fault(nil, "has more than \(maximumBytes) bytes", "Split the file")
        }
        guard let text = String(bytes: data, encoding: .utf8) else {
            throw fault(nil, "is not UTF-8", "Save the file as UTF-8")
        }
        let node: Node?
        do { node = try Yams.compose(yaml: text) } catch let error as YamlError {
            throw error.fault(file: file.path)
        } catch {
            throw fault(nil, "is not YAML", "Check the file with a YAML editor")
        }
        var budget = maximumNodes
        if let node, !isBounded(node, depth: 0, budget: &budget) {
            throw fault(
                nil, "is nested deeper than \(maximumDepth) or has more than \(maximumNodes) entries",
                "Write the file without deep nesting and without aliases")
        }
        switch node {
        case nil, .scalar?:
            guard node == nil || node?.null != nil else {
                throw fault(node?.mark?.line, "holds a single value", "Write keys and values, such as `hall:`")
            }
            return try YAMLSection.visit(.init(), file: file, line: 1, keyPath: "", body)
        case .mapping(let mapping)?:
            return try YAMLSection.visit(mapping, file: file, line: 1, keyPath: "", body)
        case .sequence?, .alias?:
            throw fault(1, "holds a list", "Write keys and values, such as `hall:`")
        }
    }

    /// Aliases are expanded while composing, so a walk that stops at the budget also stops an alias bomb.
    private static func isBounded(_ node: Node, depth: Int, budget: inout Int) -> Bool {
        budget -= 1
        guard budget > 0, depth <= maximumDepth else { return false }
        switch node {
        case .scalar, .alias: return true
        case .mapping(let mapping):
            for (_, value) in mapping where !isBounded(value, depth: depth + 1, budget: &budget) { return false }
        case .sequence(let sequence):
            for value in sequence where !isBounded(value, depth: depth + 1, budget: &budget) { return false }
        }
        return true
    }
}

extension YamlError {
    fileprivate func fault(file: String) -> YAMLFault {
        let (line, problem): (Int?, String) =
            switch self {
            case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
                .composer(_, let problem, let mark, _):
                (mark.line, problem)
            case .duplicatedKeysInMapping(let keys, let context):
                (context.mark.line, "the key \(keys.joined(separator: ", ")) stands twice in one section")
            default: (nil, "is not YAML")
            }
        return YAMLFault(
            file: file, line: line, keyPath: "", problem: problem,
            remedy: "Check indentation (spaces, no tabs), colons and quotes at this line and the one before")
    }
}
