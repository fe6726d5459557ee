/// How the kiosk deals with applicants.
public struct JourneySettings: Sendable, Equatable {
    /// Without a touch for this long, the visit is about to end.
    public var idleTimeout: Duration
    /// How long the warning stands before everything is wiped.
    public var idleWarning: Duration
    /// How long a ticket that a restart left without proof is offered to whoever stands at the screen.
    public var recovery: Duration
    /// BCP 47 codes in the order offered; the first is the one to start in.
    public var languages: [String]

    init(_ section: inout YAMLSection) throws(YAMLFault) {
        idleTimeout = try section.seconds("idleTimeoutSeconds", in: 10...1800, or: 60)
        idleWarning = try section.seconds("idleWarningSeconds", in: 5...300, or: 20)
        recovery = try section.seconds("recoverySeconds", in: 10...900, or: 120)
        languages = try section.strings("languages", or: ["vi", "en"])
        guard !languages.isEmpty, Set(languages).count == languages.count,
            languages.allSatisfy({ $0.wholeMatch(of: /[a-z]{2,3}(-[A-Za-z0-9]{2,8})*/) != nil })
        else {
            throw section.fault(
                "languages", "is not a list of language codes", remedy: "Write for example [vi, en], each once")
        }
    }
}
