/// A word of an XPath 1.0 expression (W3C XPath 1.0, 3.7).
enum XPathToken: Equatable {
    case literal(String)
    case number(String)
    /// A name, with prefix if it has one; also `*` and `prefix:*` where a name test is meant.
    case name(String)
    case operation(String)
    /// `( ) [ ] , / // . .. @ ::`
    case mark(String)
}

/// What is wrong with an expression's text.
struct XPathSyntaxError: Error, Equatable {
    var problem: String
}

enum XPathLexer {
    static func tokens(_ source: String) throws(XPathSyntaxError) -> [XPathToken] {
        let text = Array(source)
        var tokens: [XPathToken] = []
        var at = 0
        func isNameStart(_ c: Character) -> Bool { c.isLetter || c == "_" }
        func isName(_ c: Character) -> Bool { isNameStart(c) || c.isNumber || c == "-" || c == "." }
        func peek(_ offset: Int) -> Character? { at + offset < text.count ? text[at + offset] : nil }

        while at < text.count {
            let c = text[at]
            if c.isWhitespace {
                at += 1
            } else if c == "'" || c == "\"" {
                guard let end = text[(at + 1)...].firstIndex(of: c) else {
                    throw XPathSyntaxError(problem: "a quotation mark is not closed")
                }
                tokens.append(.literal(String(text[(at + 1)..<end])))
                at = end + 1
            } else if c.isASCII, c.isNumber || (c == "." && peek(1).map { $0.isASCII && $0.isNumber } == true) {
                let start = at
                while at < text.count, text[at].isASCII, text[at].isNumber || text[at] == "." { at += 1 }
                let number = String(text[start..<at])
                guard Double(number) != nil || Double(number + "0") != nil else {
                    throw XPathSyntaxError(problem: "“\(number)” is not a number")
                }
                tokens.append(.number(number))
            } else if isNameStart(c) {
                let start = at
                while at < text.count, isName(text[at]) { at += 1 }
                if at + 1 < text.count, text[at] == ":", isNameStart(text[at + 1]) || text[at + 1] == "*" {
                    at += 1
                    if text[at] == "*" { at += 1 } else { while at < text.count, isName(text[at]) { at += 1 } }
                }
                let name = String(text[start..<at])
                tokens.append(
                    wantsOperator(tokens) && ["and", "or", "div", "mod"].contains(name)
                        ? .operation(name) : .name(name))
            } else if c == "*" {
                tokens.append(wantsOperator(tokens) ? .operation("*") : .name("*"))
                at += 1
            } else if let two = peek(1).map({ String([c, $0]) }), ["//", "::", "..", "<=", ">=", "!="].contains(two) {
                tokens.append(["<=", ">=", "!="].contains(two) ? .operation(two) : .mark(two))
                at += 2
            } else if "+-=<>|".contains(c) {
                tokens.append(.operation(String(c)))
                at += 1
            } else if "()[],/.@".contains(c) {
                tokens.append(.mark(String(c)))
                at += 1
            } else {
                throw XPathSyntaxError(problem: "the character “\(c)” has no meaning here")
            }
        }
        return tokens
    }

    /// After a value, `*` multiplies and `and` joins; elsewhere they are names (XPath 1.0, 3.7).
    private static func wantsOperator(_ tokens: [XPathToken]) -> Bool {
        switch tokens.last {
        case nil, .operation?: false
        case .mark(let mark)?: !["(", "[", ",", "/", "//", "@", "::"].contains(mark)
        case .literal?, .number?, .name?: true
        }
    }
}
