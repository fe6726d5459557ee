import Foundation
import KioskConfiguration
import Peripherals

/// Languages that every text of a procedure must have; more are welcome.
private let languages = ["vi", "en"]

extension Procedure {
    public static func load(_ file: URL) throws(YAMLFault) -> Procedure {
        try StrictYAML.read(file) { root throws(YAMLFault) in try Procedure(&root) }
    }

    /// Reads a procedure from a text that would be the file `<code>.yaml`.
    public static func parse(_ text: String, code: String) throws(YAMLFault) -> Procedure {
        try StrictYAML.read(Data(text.utf8), file: URL(fileURLWithPath: "/\(code).yaml")) { root throws(YAMLFault) in
            try Procedure(&root)
        }
    }

    init(_ root: inout YAMLSection) throws(YAMLFault) {
        code = try root.string("code")
        guard code.wholeMatch(of: /[0-9]\.[0-9]{6}(\.[0-9A-Z]+)*/) != nil else {
            throw root.fault("code", "“\(code)” is not a code", remedy: "Write it as 1.001193, in quotes")
        }
        guard root.file.deletingPathExtension().lastPathComponent == code else {
            throw root.fault("code", "is not the file's name", remedy: "Name the file \(code).yaml")
        }
        order = try root.integer("order", in: 0...9999, or: 1000)
        icon = try root.optionalString("icon")
        versions = try root.requiredList("versions") { entry throws(YAMLFault) in try ProcedureVersion(&entry) }
        for (earlier, later) in zip(versions, versions.dropFirst()) where later.effectiveFrom <= earlier.effectiveFrom {
            throw root.fault(
                "versions", "\(later.effectiveFrom) does not follow \(earlier.effectiveFrom)",
                remedy: "Write the oldest version first, each with its own date")
        }
    }
}

extension ProcedureVersion {
    init(_ entry: inout YAMLSection) throws(YAMLFault) {
        let day = try entry.string("effectiveFrom")
        guard let date = CalendarDate(iso: day) else {
            throw entry.fault("effectiveFrom", "“\(day)” is not a day", remedy: "Write it as 2026-07-01")
        }
        effectiveFrom = date
        title = try entry.texts("title", requiring: languages)
        advice =
            try entry.list("advice") { paragraph throws(YAMLFault) in
                try LocalizedText(paragraph: &paragraph)
            } ?? []
        requester = try entry.texts("requester", requiring: languages)
        form = try entry.optionalString("form")
        if let form, form.wholeMatch(of: /[A-Za-z0-9._-]{1,64}/) == nil {
            throw entry.fault("form", "is not a form's id", remedy: "Write the file's name without .xml")
        }
        printsDeclaration = try entry.boolean("printDeclaration", or: false)
        components = try entry.list("components") { part throws(YAMLFault) in try DossierComponent(&part) } ?? []
        fee = try entry.section("fee") { fee throws(YAMLFault) in try Fee(&fee) }
        processing = try entry.section("processing") { time throws(YAMLFault) in
            ProcessingTime(
                summary: try time.texts("summary", requiring: languages),
                workingDays: try time.integer("workingDays", in: 0...365))
        }
        receivingAgency = try entry.choice("receivingAgency", or: .thisCommune)
        legalBases =
            try entry.list("legalBases") { basis throws(YAMLFault) in
                LegalBasis(
                    number: try basis.string("number"), title: try basis.texts("title", requiring: languages))
            } ?? []
        try check(&entry)
    }

    private func check(_ entry: inout YAMLSection) throws(YAMLFault) {
        guard Set(components.map(\.id)).count == components.count else {
            throw entry.fault("components", "names a component twice", remedy: "Give each component its own id")
        }
        for (group, members) in Dictionary(grouping: components, by: \.alternativeGroup) {
            guard let group else { continue }
            guard members.count > 1, Set(members.map(\.required)).count == 1 else {
                throw entry.fault(
                    "components", "the alternatives “\(group)” need two components or more, all required or none",
                    remedy: "Check alternativeGroup and required of each")
            }
        }
    }
}

extension LocalizedText {
    /// A list's entry that is itself a text in several languages.
    fileprivate init(paragraph: inout YAMLSection) throws(YAMLFault) {
        var texts: [String: String] = [:]
        for language in languages { texts[language] = try paragraph.string(language) }
        for language in paragraph.keys { texts[language] = try paragraph.string(language) }
        self.init(texts)
    }
}

extension DossierComponent {
    init(_ entry: inout YAMLSection) throws(YAMLFault) {
        id = try entry.string("id")
        guard id.wholeMatch(of: /[a-z][a-z0-9-]{0,63}/) != nil else {
            throw entry.fault("id", "is not a plain name", remedy: "Use small letters, digits and -")
        }
        label = try entry.texts("label", requiring: languages)
        notes = try entry.optionalTexts("notes", requiring: languages)
        required = try entry.boolean("required", or: true)
        alternativeGroup = try entry.optionalString("alternativeGroup")
        handling = try entry.choice("handling", or: .submitted)
        kind = try entry.choice("kind", or: .original)
        scan = try entry.boolean("scan", or: handling == .submitted)
        let phrases = try entry.strings("recognise", or: [])
        guard let words = PaperWords(phrases) else {
            throw entry.fault(
                "recognise", "has a phrase that is too short, too long, or one too many",
                remedy: "Write at most \(PaperWords.phraseLimit) phrases of "
                    + "\(PaperWords.letters.lowerBound) to \(PaperWords.letters.upperBound) letters")
        }
        self.words = words
    }
}

extension Fee {
    init(_ section: inout YAMLSection) throws(YAMLFault) {
        summary = try section.texts("summary", requiring: languages)
        rules = try section.requiredList("rules") { rule throws(YAMLFault) in
            Rule(
                label: try rule.texts("label", requiring: languages),
                amount: try rule.optionalInteger("amount", in: 0...1_000_000_000),
                withinDays: try rule.optionalInteger("withinDays", in: 0...36_500))
        }
        guard rules.last?.withinDays == nil else {
            throw section.fault("rules", "leaves cases without a fee", remedy: "End with a rule without withinDays")
        }
    }
}
