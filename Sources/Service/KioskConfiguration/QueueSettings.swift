/// Who is called when, and where.
public struct QueueSettings: Sendable, Equatable {
    /// The letters this kiosk may number with, one a class; another kiosk of the hall needs others.
    public var classes: [Class]
    public var counters: [Counter]
    public var priorityCap: PriorityCap

    /// A group of applicants that waits with one weight.
    public struct Class: Sendable, Equatable {
        /// Stable name, for example `ordinary`, `elderly`.
        public var id: String
        public var label: LocalizedText
        /// The letter before its numbers.
        public var series: String
        /// How fast a waiting ticket gains credit, against 1 for ordinary ones.
        public var weight: Double
        /// Anyone of at least this age belongs to the class without being asked.
        public var fromAge: Int?
        /// Whether an applicant may declare to belong to it.
        public var byDeclaration: Bool
        /// The page's drawing for it: `elderly`, `pregnant`, `disabled`, `merit`.
        public var icon: String?
        /// False for the class of everybody.
        public var isPriority: Bool
    }

    public struct Counter: Sendable, Equatable {
        public var number: Int
        public var label: String
        /// Classes the counter serves first; empty serves all alike.
        public var prefers: [String]
    }

    /// No more than `calls` priority tickets in a row while an ordinary one waits longer than `ordinaryWait`.
    public struct PriorityCap: Sendable, Equatable {
        public var calls: Int
        public var ordinaryWait: Duration
    }

    /// The class of everybody.
    public var ordinary: Class { classes.first { !$0.isPriority } ?? classes[0] }
}

extension QueueSettings {
    /// The Law on the Elderly gives priority from 60 years of age; the others are declared. Weights are a choice.
    static let defaultClasses = [
        Class(
            id: "ordinary", label: LocalizedText(["vi": "Thường", "en": "Ordinary"]), series: "A", weight: 1,
            fromAge: nil, byDeclaration: false, icon: nil, isPriority: false),
        Class(
            id: "elderly", label: LocalizedText(["vi": "Người cao tuổi", "en": "Elderly person"]), series: "U",
            weight: 3, fromAge: 60, byDeclaration: true, icon: "elderly", isPriority: true),
        Class(
            id: "pregnant", label: LocalizedText(["vi": "Phụ nữ mang thai", "en": "Pregnant woman"]), series: "U",
            weight: 3, fromAge: nil, byDeclaration: true, icon: "pregnant", isPriority: true),
        Class(
            id: "disabled", label: LocalizedText(["vi": "Người khuyết tật", "en": "Person with a disability"]),
            series: "U", weight: 3, fromAge: nil, byDeclaration: true, icon: "disabled", isPriority: true),
        Class(
            id: "merit",
            label: LocalizedText(["vi": "Người có công với cách mạng", "en": "Person with meritorious service"]),
            series: "U", weight: 3, fromAge: nil, byDeclaration: true, icon: "merit", isPriority: true),
    ]

    init(_ section: inout YAMLSection) throws(YAMLFault) {
        classes =
            try section.list("classes") { entry throws(YAMLFault) in try Class(&entry) } ?? Self.defaultClasses
        counters =
            try section.list("counters") { entry throws(YAMLFault) in try Counter(&entry) }
            ?? (1...3).map { Counter(number: $0, label: String($0), prefers: []) }
        priorityCap = try section.section("priorityCap") { cap throws(YAMLFault) in
            PriorityCap(
                calls: try cap.integer("calls", in: 1...100, or: 3),
                ordinaryWait: .seconds(60 * (try cap.integer("ordinaryWaitMinutes", in: 0...480, or: 15))))
        }
        try check(&section)
    }

    private func check(_ section: inout YAMLSection) throws(YAMLFault) {
        guard classes.filter({ !$0.isPriority }).count == 1 else {
            throw section.fault(
                "classes", "needs exactly one class without priority", remedy: "Set `priority: false` on one class")
        }
        guard Set(classes.map(\.id)).count == classes.count else {
            throw section.fault("classes", "names a class twice", remedy: "Give each class its own id")
        }
        guard !counters.isEmpty, Set(counters.map(\.number)).count == counters.count else {
            throw section.fault(
                "counters", "has no counter, or one number twice", remedy: "Give each counter its own number")
        }
        let known = Set(classes.map(\.id))
        for unknown in counters.flatMap(\.prefers) where !known.contains(unknown) {
            throw section.fault(
                "counters", "prefers the unknown class “\(unknown)”",
                remedy: EditDistance.nearest(to: unknown, among: known).map { "Did you mean “\($0)”?" }
                    ?? "Known: \(known.sorted().joined(separator: ", "))")
        }
    }
}

extension QueueSettings.Class {
    init(_ entry: inout YAMLSection) throws(YAMLFault) {
        id = try entry.string("id")
        guard id.wholeMatch(of: /[a-z][a-z0-9-]{0,31}/) != nil else {
            throw entry.fault("id", "is not a plain name", remedy: "Use small letters, digits and -")
        }
        label = try entry.texts("label", requiring: ["vi", "en"])
        series = try entry.string("series")
        guard series.wholeMatch(of: /[A-Z]/) != nil else {
            throw entry.fault("series", "is not a letter", remedy: "Write one capital letter A–Z")
        }
        weight = try entry.number("weight", in: 0.1...100, or: 1)
        fromAge = try entry.optionalInteger("fromAge", in: 0...120)
        byDeclaration = try entry.boolean("byDeclaration", or: true)
        icon = try entry.optionalString("icon")
        isPriority = try entry.boolean("priority", or: true)
    }
}

extension QueueSettings.Counter {
    init(_ entry: inout YAMLSection) throws(YAMLFault) {
        number = try entry.integer("number", in: 1...999)
        label = try entry.string("label", or: String(number))
        prefers = try entry.strings("prefers", or: [])
    }
}
