import Foundation
import Peripherals

/// A template of tickets as somebody wrote it: `kiosk-config/tickets/NAME.yaml`.
///
/// ```yaml
/// elements:
///   - { kind: logo, file: emblem.png, millimetres: 14 }
///   - { kind: number, text: "{number}", millimetres: 22 }
///   - { kind: text, text: "Thủ tục: <b>{procedure}</b>", points: 12, lines: 3 }
/// ```
public struct TicketTemplateFile: Sendable, Equatable {
    public var file: URL
    public var template: TicketTemplate
    /// The line on which each element begins, counted from 1.
    public var lines: [Int]

    public static func load(_ file: URL) throws(YAMLFault) -> TicketTemplateFile {
        try StrictYAML.read(file.standardizedFileURL) { root throws(YAMLFault) in try TicketTemplateFile(&root) }
    }

    /// Reads a text; `file` names it in errors and its folder holds the logos.
    public static func parse(_ text: String, file: URL) throws(YAMLFault) -> TicketTemplateFile {
        try StrictYAML.read(Data(text.utf8), file: file) { root throws(YAMLFault) in try TicketTemplateFile(&root) }
    }

    /// The templates of a folder, by name.
    public static func names(in folder: URL) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }.sorted()
    }

    /// A fault of an element that shows only when it is drawn.
    /// - Parameter element: counted from 0.
    public func fault(element: Int, problem: String, remedy: String) -> YAMLFault {
        YAMLFault(
            file: file.path, line: lines.indices.contains(element) ? lines[element] : nil,
            keyPath: "elements[\(element)]", problem: "element \(element + 1) \(problem)", remedy: remedy)
    }

    init(_ root: inout YAMLSection) throws(YAMLFault) {
        file = root.file
        let entries = try root.requiredList("elements") { section throws(YAMLFault) in
            (line: section.line, element: try TicketElement(&section))
        }
        lines = entries.map(\.line)
        template = TicketTemplate(elements: entries.map(\.element))
        if let problem = template.problems.first {
            throw root.fault(
                "elements", problem,
                remedy: "A ticket needs its number, and has at most \(TicketTemplate.mostElements) elements")
        }
    }
}

extension TicketElement {
    /// Only the keys that its kind uses are known.
    init(_ section: inout YAMLSection) throws(YAMLFault) {
        self.init(try section.choice("kind"))
        switch kind {
        case .text, .banner:
            text = try section.string("text")
            try readStyle(&section)
        case .notes: try readStyle(&section)
        case .number:
            text = try section.string("text", or: "{number}")
            millimetres = try section.optionalNumber("millimetres", in: Self.anySize)
        case .columns:
            columns = try section.requiredList("columns") { column throws(YAMLFault) in try Column(&column) }
            lines = try section.optionalInteger("lines", in: 1...20)
        case .logo:
            logo = try section.logo("file")
            align = try section.optionalChoice("align")
            millimetres = try section.optionalNumber("millimetres", in: 1...100)
        case .qr, .rule, .space, .feed:
            millimetres = try section.optionalNumber("millimetres", in: 0...100)
        }
        if let problem = problems.first {
            throw section.fault(problem.key, problem.problem, remedy: problem.remedy)
        }
    }

    /// Bounds that `problems` narrows, with a better reason.
    private static let anySize = -1000.0...1000.0

    private mutating func readStyle(_ section: inout YAMLSection) throws(YAMLFault) {
        points = try section.optionalNumber("points", in: Self.anySize)
        lines = try section.optionalInteger("lines", in: 1...20)
        // A banner is bold and in the middle.
        guard kind != .banner else { return }
        weight = try section.optionalChoice("weight")
        align = try section.optionalChoice("align")
    }
}

extension TicketElement.Column {
    init(_ section: inout YAMLSection) throws(YAMLFault) {
        self.init(
            try section.string("text"),
            points: try section.optionalNumber(
                "points", in: TicketElement.smallestPoints...TicketElement.largestPoints),
            weight: try section.optionalChoice("weight"), align: try section.optionalChoice("align"),
            share: try section.optionalNumber("share", in: 0.1...10))
    }
}

extension YAMLSection {
    fileprivate mutating func logo(_ key: String) throws(YAMLFault) -> TicketLogo {
        let name = try string(key)
        guard name.wholeMatch(of: /[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}/) != nil else {
            throw fault(
                key, "is not a plain file name", remedy: "Put the picture beside the template and write its name")
        }
        let url = file.deletingLastPathComponent().appending(path: name)
        let size = (try? url.resourceValues(forKeys: [.fileSizeKey]))?.fileSize
        guard let size else {
            throw fault(key, "\(url.path) cannot be read", remedy: "Put the PNG file beside the template")
        }
        guard size <= TicketLogo.mostBytes else {
            throw fault(key, "\(name) has more than 1 MB", remedy: "Give a smaller picture")
        }
        guard let data = try? Data(contentsOf: url) else {
            throw fault(key, "\(url.path) cannot be read", remedy: "Check that the service may read it")
        }
        return TicketLogo(png: [UInt8](data))
    }
}
