import Foundation

/// How tickets look, and the roll that they are printed on.
public struct TicketSettings: Sendable, Equatable {
    /// The template's name: `standard` is the file `standard.yaml` in the folder of tickets.
    public var template: String
    /// The template's file; nil when the folder has none and the built-in template is used.
    public var file: URL?
    /// Metres of paper on a new roll.
    public var rollMetres: Double

    /// What is there without a file.
    public static let builtIn = "standard"

    /// - Parameter folder: where templates lie.
    init(_ section: inout YAMLSection, folder: URL) throws(YAMLFault) {
        template = try section.string("template", or: Self.builtIn)
        // A roll of 80 mm × 80 mm holds 80 m of thin paper.
        rollMetres = try section.number("rollMetres", in: 1...1000, or: 80)
        guard template.wholeMatch(of: /[A-Za-z0-9_-]{1,64}/) != nil else {
            throw section.fault(
                "template", "“\(template)” is not a template's name",
                remedy: "Write the name of a file in \(folder.path) without “.yaml”")
        }
        let file = folder.appending(path: template + ".yaml")
        if FileManager.default.fileExists(atPath: file.path) {
            self.file = file
        } else if template != Self.builtIn {
            let known = TicketTemplateFile.names(in: folder)
            throw section.fault(
                "template", "there is no \(file.path)",
                remedy: EditDistance.nearest(to: template, among: known).map { "Did you mean “\($0)”?" }
                    ?? "Write one of: \(known.joined(separator: ", "))")
        }
    }
}
