import Foundation
import Peripherals

/// Whom the kiosk believes, and what an identity card must prove for what.
public struct IdentitySettings: Sendable, Equatable {
    /// The folder of certificates of the authorities that sign identity cards (CSCA), and of their revocation lists.
    public var trust: URL
    public var policy: IdentityPolicy

    init(_ section: inout YAMLSection) throws(YAMLFault) {
        trust = try section.path("trust", or: "trust")
        policy = .standard
        let entries = try section.list("require") { entry throws(YAMLFault) in try Requirement(&entry) } ?? []
        var stated: Set<IdentityPolicy.Purpose> = []
        for entry in entries {
            guard stated.insert(entry.purpose).inserted else {
                throw section.fault(
                    "require", "names “\(entry.purpose.rawValue)” twice", remedy: "Write one entry for each purpose")
            }
            policy.needs[entry.purpose] = entry.verdicts
        }
    }

    private struct Requirement {
        var purpose: IdentityPolicy.Purpose
        var verdicts: Set<CardVerdicts.Kind>

        init(_ section: inout YAMLSection) throws(YAMLFault) {
            purpose = try section.choice("purpose")
            verdicts = Set(try section.choices("verdicts"))
        }
    }
}

/// What a card must have proved before the kiosk acts on what it says.
public struct IdentityPolicy: Sendable, Equatable {
    public enum Purpose: String, Sendable, CaseIterable {
        /// The card's data fill the form, and its date of birth proves an age.
        case form
        /// The dossier needs no look at the card by the staff.
        case submission
    }

    public var needs: [Purpose: Set<CardVerdicts.Kind>]

    public init(needs: [Purpose: Set<CardVerdicts.Kind>]) { self.needs = needs }

    /// What every card can prove to a kiosk that knows no authority.
    public static let standard = IdentityPolicy(needs: [.form: [.hashes], .submission: [.hashes, .signature]])

    /// What is missing for a purpose, in the order of `CardVerdicts.Kind`; empty when it is enough.
    public func missing(for purpose: Purpose, in verdicts: CardVerdicts) -> [CardVerdicts.Kind] {
        verdicts.missing(of: needs[purpose] ?? [])
    }
}
