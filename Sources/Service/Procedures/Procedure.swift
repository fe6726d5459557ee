import KioskConfiguration
import Peripherals

/// An administrative procedure (thủ tục hành chính) with all its versions.
public struct Procedure: Sendable, Equatable, Identifiable {
    /// The national code, for example `1.001193`; variants carry a suffix.
    public var code: String
    /// In the order offered to applicants; smaller comes first.
    public var order: Int
    /// The page's drawing for it, for example `birth`.
    public var icon: String?
    /// Oldest first, each with its own effective date.
    public var versions: [ProcedureVersion]

    public var id: String { code }

    /// The version in force on a day; nil before the first one.
    public func version(on date: CalendarDate) -> ProcedureVersion? {
        versions.last { $0.effectiveFrom <= date }
    }
}

/// What the law asks from a day on, until the next version.
public struct ProcedureVersion: Sendable, Equatable {
    public var effectiveFrom: CalendarDate
    public var title: LocalizedText
    /// What an applicant should know before beginning; short paragraphs.
    public var advice: [LocalizedText]
    /// Who may ask for it, in words.
    public var requester: LocalizedText
    /// The id and file name (without `.xml`) of the form; nil when there is nothing to declare.
    public var form: String?
    /// Whether the filled declaration is printed at once, to be signed.
    public var printsDeclaration: Bool
    public var components: [DossierComponent]
    public var fee: Fee
    public var processing: ProcessingTime
    public var receivingAgency: ReceivingAgency
    public var legalBases: [LegalBasis]
}

/// A paper of the dossier (thành phần hồ sơ).
public struct DossierComponent: Sendable, Equatable, Identifiable {
    /// Stable name within the procedure, for example `birth-certificate`.
    public var id: String
    public var label: LocalizedText
    public var notes: LocalizedText?
    /// Whether the dossier is incomplete without it.
    public var required: Bool
    /// The components of one such group replace each other: one of them is enough.
    public var alternativeGroup: String?
    public var handling: Handling
    public var kind: Kind
    /// Whether the kiosk scans it. A paper that is only shown is scanned only where its file says so.
    public var scan: Bool
    /// What is printed on it, by which a scan of it is told from another paper; empty when nothing is known.
    public var words: PaperWords

    /// As the national database of procedures calls it.
    public enum Handling: String, Sendable, Codable, CaseIterable {
        /// Handed in (nộp).
        case submitted = "NOP"
        /// Only shown (xuất trình).
        case shown = "XUAT_TRINH"
    }

    public enum Kind: String, Sendable, Codable, CaseIterable {
        case original, certified, copy
    }
}

/// What it costs.
public struct Fee: Sendable, Equatable {
    /// The rules in words, as shown on the advice screen.
    public var summary: LocalizedText
    /// The first rule that fits counts.
    public var rules: [Rule]

    public struct Rule: Sendable, Equatable {
        public var label: LocalizedText
        /// Vietnamese đồng; nil where only the counter can say.
        public var amount: Int?
        /// Applies up to this many days after the event (a birth, a death); nil always.
        public var withinDays: Int?
    }

    /// The rule for an event so many days ago.
    public func rule(daysSinceEvent days: Int) -> Rule? {
        rules.first { rule in rule.withinDays.map { days <= $0 } ?? true }
    }
}

/// How long it takes.
public struct ProcessingTime: Sendable, Equatable {
    public var summary: LocalizedText
    /// 0 means the same day.
    public var workingDays: Int
}

/// Who receives the dossier.
public enum ReceivingAgency: String, Sendable, Codable, CaseIterable {
    /// The commune where the kiosk stands.
    case thisCommune = "this-commune"
    /// The commune where the applicant lives; any kiosk accepts it.
    case communeOfResidence = "commune-of-residence"
    case province
}

public struct LegalBasis: Sendable, Equatable {
    /// Number of the document, for example `60/2014/QH13`.
    public var number: String
    public var title: LocalizedText
}
