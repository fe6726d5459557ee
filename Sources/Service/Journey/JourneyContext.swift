import Forms
import Foundation
import KioskConfiguration
import Peripherals
import Procedures

/// What a journey needs to know of its hall. Everything is loaded and checked before the first visit.
public struct JourneyContext: Sendable {
    public var hallName: LocalizedText
    public var locales: Locales
    public var catalogue: ProcedureCatalogue
    /// By form id.
    public var forms: [String: FormDefinition]
    public var priorityClasses: [PriorityClass]
    public var identity: IdentityPolicy
    public var timeZone: TimeZone
    /// Nobody touches the screen for this long: the warning appears.
    public var idleTimeout: Duration
    /// How long the warning stands before the visit ends.
    public var idleWarning: Duration
    /// How long the last screen stands.
    public var thanksTime: Duration
    /// How long a ticket that a restart left without proof is offered on the welcome screen.
    public var recoveryTime: Duration
    /// The wall clock: dates in forms, ages.
    public var clock: @Sendable () -> Date
    /// What is wrong with a text shown to the QR reader, so that nobody lays a card down for a code that opens none;
    /// nil when it may be an identity card's.
    public var problemWithQR: @Sendable (String) -> CardReadError?

    public init(
        hallName: LocalizedText, locales: Locales, catalogue: ProcedureCatalogue, forms: [String: FormDefinition],
        priorityClasses: [PriorityClass], identity: IdentityPolicy = .standard, timeZone: TimeZone,
        idleTimeout: Duration = .seconds(60),
        idleWarning: Duration = .seconds(20), thanksTime: Duration = .seconds(12),
        recoveryTime: Duration = .seconds(120),
        clock: @escaping @Sendable () -> Date,
        problemWithQR: @escaping @Sendable (String) -> CardReadError? = { _ in nil }
    ) {
        self.hallName = hallName
        self.locales = locales
        self.catalogue = catalogue
        self.forms = forms
        self.priorityClasses = priorityClasses
        self.identity = identity
        self.timeZone = timeZone
        self.idleTimeout = idleTimeout
        self.idleWarning = idleWarning
        self.thanksTime = thanksTime
        self.recoveryTime = recoveryTime
        self.clock = clock
        self.problemWithQR = problemWithQR
    }
}

/// A reason to be called earlier: elderly, pregnant, disabled, of merit.
public struct PriorityClass: Sendable, Equatable {
    public var id: String
    public var label: LocalizedText
    /// A drawing of the page, see ``Block/Choices/Option/icon``.
    public var icon: String?
    /// From this age (whole years) the card alone proves it.
    public var minimumAge: Int?

    public init(id: String, label: LocalizedText, icon: String? = nil, minimumAge: Int? = nil) {
        self.id = id
        self.label = label
        self.icon = icon
        self.minimumAge = minimumAge
    }
}
