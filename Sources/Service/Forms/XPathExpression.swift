/// An expression of a form: checked, rewritten for libxml2, and its references known.
struct XPathExpression: Sendable, Equatable {
    /// As the form says it.
    var source: String
    /// As libxml2 gets it.
    var compiled: String
    /// Absolute paths of nodes in the form's own instance that the value depends on. A path may name a group: all below
    /// it count.
    var references: Set<String>
    /// Secondary instances that it reads.
    var instances: Set<String>
}

/// Checks expressions against a form's nodes and instances.
struct XPathChecker {
    /// Absolute paths of all nodes, and for each whether it has children.
    var nodes: Set<String>
    var internalInstances: Set<String>
    /// External instances with the names that may be read from them.
    var externalInstances: [String: Set<String>]

    /// What a relative path starts from.
    private enum Place {
        case main([String])
        case secondary(String, [String])
        case unknown
    }

    /// - Parameter context: the node's absolute path.
    /// - Returns: the expression, or the faults that were found.
    func check(_ source: String, context: String, line: Int) -> Result<XPathExpression, FaultList> {
        let syntax: XPathSyntax
        do { syntax = try XPathParser.parse(source) } catch {
            return .failure(FaultList([fault(line, source, error.problem, "Check brackets, quotes and names")]))
        }
        var findings = Findings()
        visit(syntax, at: .main(Self.names(context)), current: Self.names(context), into: &findings)
        guard findings.faults.isEmpty else {
            return .failure(FaultList(findings.faults.map { fault(line, source, $0.0, $0.1) }))
        }
        return .success(
            XPathExpression(
                source: source, compiled: XPathPrinter.print(syntax), references: findings.references,
                instances: findings.instances))
    }

    struct FaultList: Error {
        var faults: [FormError.Fault]
        init(_ faults: [FormError.Fault]) { self.faults = faults }
    }

    private struct Findings {
        var references: Set<String> = []
        var instances: Set<String> = []
        var faults: [(String, String)] = []
    }

    private func fault(_ line: Int, _ source: String, _ problem: String, _ remedy: String) -> FormError.Fault {
        let shown = source.count > 120 ? source.prefix(120) + "…" : Substring(source)
        return .init(line: line, problem: "in the expression “\(shown)”: \(problem)", remedy: remedy)
    }

    private static func names(_ path: String) -> [String] { path.split(separator: "/").map(String.init) }
    private static func path(_ names: [String]) -> String { "/" + names.joined(separator: "/") }

    private func visit(_ syntax: XPathSyntax, at place: Place, current: [String], into findings: inout Findings) {
        switch syntax {
        case .literal, .number: break
        case .negative(let inner): visit(inner, at: place, current: current, into: &findings)
        case .binary(_, let left, let right):
            visit(left, at: place, current: current, into: &findings)
            visit(right, at: place, current: current, into: &findings)
        case .call(let name, let arguments):
            checkCall(name, arguments, into: &findings)
            for argument in arguments { visit(argument, at: place, current: current, into: &findings) }
        case .path(let path): visit(path, at: place, current: current, into: &findings)
        }
    }

    private func checkCall(_ name: String, _ arguments: [XPathSyntax], into findings: inout Findings) {
        guard let arity = XPathFunctions.arity(name) else {
            findings.faults.append(
                ("the function \(name)() is not supported", "See Sources/Service/Forms/README.md for those that are"))
            return
        }
        guard arity.contains(arguments.count) else {
            let wanted = arity.count == 1 ? "\(arity.lowerBound)" : "\(arity.lowerBound) to \(arity.upperBound)"
            findings.faults.append(
                ("\(name)() has \(arguments.count) arguments", "Give it \(wanted)"))
            return
        }
        if name == "regex", case .literal(let pattern) = arguments[1], !Evaluation.isRegularExpression(pattern) {
            findings.faults.append(("“\(pattern)” is not a regular expression", "Check its brackets"))
        }
        if name.hasPrefix("format-date"), case .literal(let pattern) = arguments[1],
            let unknown = FormDates.unknownDirective(in: pattern)
        {
            findings.faults.append(
                ("format-date has no %\(unknown)", "Use %Y %y %m %n %d %e %H %h %M %S %3; names of months need a list"))
        }
        if name == "instance", instanceName(arguments) == nil {
            findings.faults.append(("instance() needs a name in quotes", "Write instance('citizen')/root/…"))
        }
    }

    private func instanceName(_ arguments: [XPathSyntax]) -> String? {
        if case .literal(let name)? = arguments.first { name } else { nil }
    }

    private func visit(_ path: XPathSyntax.Path, at place: Place, current: [String], into findings: inout Findings) {
        var here: Place
        switch path.start {
        case .root: here = .main([])
        case .context: here = place
        case .expression(.call("instance", let arguments), let predicates):
            checkCall("instance", arguments, into: &findings)
            guard let name = instanceName(arguments) else { return }
            guard internalInstances.contains(name) || externalInstances[name] != nil else {
                findings.faults.append(
                    ("there is no instance '\(name)'", "Declare it on the survey sheet, or correct the name"))
                return
            }
            findings.instances.insert(name)
            here = .secondary(name, [])
            for predicate in predicates { visit(predicate, at: here, current: current, into: &findings) }
        case .expression(.call("current", let arguments), let predicates):
            checkCall("current", arguments, into: &findings)
            here = .main(current)
            for predicate in predicates { visit(predicate, at: here, current: current, into: &findings) }
        case .expression(let inner, let predicates):
            visit(inner, at: place, current: current, into: &findings)
            here = .unknown
            for predicate in predicates { visit(predicate, at: here, current: current, into: &findings) }
        }
        for step in path.steps {
            here = move(here, by: step, into: &findings)
            for predicate in step.predicates { visit(predicate, at: here, current: current, into: &findings) }
        }
        arrive(here, into: &findings)
    }

    /// Where a step leads. Steps that are not plain names may lead anywhere below: the whole of it is a reference.
    private func move(_ place: Place, by step: XPathSyntax.Step, into findings: inout Findings) -> Place {
        let isPlain = !step.descends && !step.test.contains { "*@():".contains($0) }
        switch place {
        case .unknown: return .unknown
        case .main(var names):
            guard isPlain else {
                findings.references.insert(Self.path(names))
                return .unknown
            }
            switch step.test {
            case ".": break
            case "..": _ = names.popLast()
            default: names.append(step.test)
            }
            return .main(names)
        case .secondary(let instance, var names):
            guard isPlain else { return .unknown }
            switch step.test {
            case ".": break
            case "..": _ = names.popLast()
            default: names.append(step.test)
            }
            return .secondary(instance, names)
        }
    }

    private func arrive(_ place: Place, into findings: inout Findings) {
        switch place {
        case .unknown: break
        case .main(let names):
            let path = Self.path(names)
            if names.isEmpty || nodes.contains(path) {
                findings.references.insert(path)
            } else {
                findings.faults.append(("there is no question \(path)", "Correct the name"))
            }
        case .secondary(let instance, let names):
            guard let known = externalInstances[instance], names.count > 1 || names.first != "root" else { return }
            guard names.count == 2, names[0] == "root", known.contains(names[1]) else {
                findings.faults.append(
                    (
                        "instance('\(instance)') has no \(Self.path(names))",
                        "Known: \(known.sorted().map { "/root/" + $0 }.joined(separator: ", "))"
                    ))
                return
            }
        }
    }
}
