/// An XPath 1.0 expression as a tree.
indirect enum XPathSyntax: Equatable, Sendable {
    case literal(String)
    case number(String)
    case call(String, [XPathSyntax])
    case binary(String, XPathSyntax, XPathSyntax)
    case negative(XPathSyntax)
    case path(Path)

    struct Path: Equatable, Sendable {
        var start: Start
        var steps: [Step]
    }

    enum Start: Equatable, Sendable {
        /// `/…`
        case root
        /// `name/…`, `./…`, `../…`
        case context
        /// `instance('x')/…`, with predicates on the expression itself.
        case expression(XPathSyntax, predicates: [XPathSyntax])
    }

    struct Step: Equatable, Sendable {
        /// Whether the step was reached by `//`.
        var descends: Bool
        /// `name`, `*`, `.`, `..`, `@id`, `child::x`, `text()`.
        var test: String
        var predicates: [XPathSyntax]
    }
}

/// Recursive descent over the grammar of XPath 1.0, clause 3, with a limit on nesting.
struct XPathParser {
    static let maximumLength = 8192
    static let maximumDepth = 64
    /// A long sum is a deep tree: this bounds the recursion of all that walks it.
    static let maximumTokens = 1500

    private let tokens: [XPathToken]
    private var position = 0
    private var depth = 0

    static func parse(_ source: String) throws(XPathSyntaxError) -> XPathSyntax {
        guard source.utf8.count <= maximumLength else {
            throw XPathSyntaxError(problem: "longer than \(maximumLength) bytes")
        }
        let tokens = try XPathLexer.tokens(source)
        guard tokens.count <= maximumTokens else {
            throw XPathSyntaxError(problem: "longer than \(maximumTokens) words")
        }
        var parser = XPathParser(tokens: tokens)
        let syntax = try parser.expression(0)
        guard parser.current == nil else {
            throw XPathSyntaxError(problem: "“\(parser.spelled)” is unexpected")
        }
        return syntax
    }

    private init(tokens: [XPathToken]) { self.tokens = tokens }

    private var current: XPathToken? { position < tokens.count ? tokens[position] : nil }
    private func ahead(_ count: Int) -> XPathToken? {
        position + count < tokens.count ? tokens[position + count] : nil
    }

    private var spelled: String {
        switch current {
        case nil: "the end"
        case .literal(let text)?: "'\(text)'"
        case .number(let text)?, .name(let text)?, .operation(let text)?, .mark(let text)?: text
        }
    }

    private mutating func take(_ mark: String) -> Bool {
        guard current == .mark(mark) else { return false }
        position += 1
        return true
    }

    private mutating func expect(_ mark: String) throws(XPathSyntaxError) {
        guard take(mark) else { throw XPathSyntaxError(problem: "“\(mark)” is missing before “\(spelled)”") }
    }

    /// Weakest first.
    private static let precedence = [
        ["or"], ["and"], ["=", "!="], ["<", "<=", ">", ">="], ["+", "-"], ["*", "div", "mod"],
    ]

    private mutating func expression(_ level: Int) throws(XPathSyntaxError) -> XPathSyntax {
        guard level < Self.precedence.count else { return try unary() }
        if level == 0 {
            depth += 1
            guard depth <= Self.maximumDepth else { throw XPathSyntaxError(problem: "nested too deeply") }
        }
        defer { if level == 0 { depth -= 1 } }
        var left = try expression(level + 1)
        while case .operation(let operation)? = current, Self.precedence[level].contains(operation) {
            position += 1
            left = .binary(operation, left, try expression(level + 1))
        }
        return left
    }

    private mutating func unary() throws(XPathSyntaxError) -> XPathSyntax {
        var isNegative = false
        while current == .operation("-") {
            isNegative.toggle()
            position += 1
        }
        var left = try pathExpression()
        while current == .operation("|") {
            position += 1
            left = .binary("|", left, try pathExpression())
        }
        return isNegative ? .negative(left) : left
    }

    private mutating func pathExpression() throws(XPathSyntaxError) -> XPathSyntax {
        switch current {
        case .literal(let text)?:
            position += 1
            return .literal(text)
        case .number(let text)?:
            position += 1
            return .number(text)
        case .mark("(")?:
            position += 1
            let inner = try expression(0)
            try expect(")")
            return try filtered(inner)
        case .name(let name)? where ahead(1) == .mark("(") && !Self.nodeTests.contains(name):
            position += 2
            var arguments: [XPathSyntax] = []
            if !take(")") {
                repeat { arguments.append(try expression(0)) } while take(",")
                try expect(")")
            }
            return try filtered(.call(name, arguments))
        case .mark("/")?:
            position += 1
            guard isStepStart else { return .path(.init(start: .root, steps: [])) }
            return .path(.init(start: .root, steps: try steps(descends: false)))
        case .mark("//")?:
            position += 1
            return .path(.init(start: .root, steps: try steps(descends: true)))
        default:
            return .path(.init(start: .context, steps: try steps(descends: false)))
        }
    }

    private static let nodeTests: Set<String> = ["text", "node", "comment", "processing-instruction"]

    private mutating func filtered(_ primary: XPathSyntax) throws(XPathSyntaxError) -> XPathSyntax {
        let predicates = try predicates()
        if take("/") {
            return .path(.init(start: .expression(primary, predicates: predicates), steps: try steps(descends: false)))
        }
        if take("//") {
            return .path(.init(start: .expression(primary, predicates: predicates), steps: try steps(descends: true)))
        }
        return predicates.isEmpty
            ? primary : .path(.init(start: .expression(primary, predicates: predicates), steps: []))
    }

    private var isStepStart: Bool {
        switch current {
        case .name?, .mark("@")?, .mark(".")?, .mark("..")?: true
        default: false
        }
    }

    private mutating func steps(descends: Bool) throws(XPathSyntaxError) -> [XPathSyntax.Step] {
        var steps = [try step(descends: descends)]
        while true {
            if take("/") {
                steps.append(try step(descends: false))
            } else if take("//") {
                steps.append(try step(descends: true))
            } else {
                return steps
            }
        }
    }

    private mutating func step(descends: Bool) throws(XPathSyntaxError) -> XPathSyntax.Step {
        if take(".") { return .init(descends: descends, test: ".", predicates: []) }
        if take("..") { return .init(descends: descends, test: "..", predicates: []) }
        var test = take("@") ? "@" : ""
        guard case .name(var name)? = current else {
            throw XPathSyntaxError(problem: "a value is missing before “\(spelled)”")
        }
        position += 1
        if take("::") {
            test += name + "::"
            guard case .name(let next)? = current else {
                throw XPathSyntaxError(problem: "a name is missing before “\(spelled)”")
            }
            name = next
            position += 1
        }
        test += name
        if Self.nodeTests.contains(name), take("(") {
            try expect(")")
            test += "()"
        }
        return .init(descends: descends, test: test, predicates: try predicates())
    }

    private mutating func predicates() throws(XPathSyntaxError) -> [XPathSyntax] {
        var predicates: [XPathSyntax] = []
        while take("[") {
            predicates.append(try expression(0))
            try expect("]")
        }
        return predicates
    }
}
