/// What stands on the touchscreen: everything to draw, nothing to decide. The page draws it and sends back actions.
///
/// All texts are in the applicant's language already. `Sources/Interfaces/Web/README.md` shows each block as it looks.
public struct Screen: Sendable, Equatable, Codable {
    /// Counts up with every change but the idle warning's, whose seconds would make touches stale; an action that names
    /// an older one is answered with the screen of now.
    public var revision: Int
    /// Which screen of the journey this is, for example `welcome`, `identify`, `form`.
    public var id: String
    /// BCP 47: `vi` or `en`.
    public var language: String
    public var title: String
    /// One or two sentences below the title.
    public var lead: String?
    /// Where in the journey: "Step 3 of 7".
    public var step: Step?
    public var notice: Notice?
    public var blocks: [Block]
    public var actions: [Action]
    /// Set while nobody touches the screen and the visit is about to end.
    public var idleWarning: IdleWarning?

    public struct Step: Sendable, Equatable, Codable {
        public var number: Int
        public var count: Int
        public var label: String
        public init(number: Int, count: Int, label: String) {
            self.number = number
            self.count = count
            self.label = label
        }
    }

    public struct Notice: Sendable, Equatable, Codable {
        public enum Kind: String, Sendable, Codable { case info, success, warning, error }
        public var kind: Kind
        public var text: String
        public init(kind: Kind, text: String) {
            self.kind = kind
            self.text = text
        }
    }

    public struct Action: Sendable, Equatable, Codable {
        public enum Role: String, Sendable, Codable { case primary, secondary, back, cancel }
        /// What the page posts: `next`, `back`, `cancel`, `skip`, `scan`, `retry`, …
        public var id: String
        public var label: String
        public var role: Role
        public var enabled: Bool
        public init(id: String, label: String, role: Role, enabled: Bool = true) {
            self.id = id
            self.label = label
            self.role = role
            self.enabled = enabled
        }
    }

    public struct IdleWarning: Sendable, Equatable, Codable {
        public var title: String
        public var text: String
        public var secondsLeft: Int
        /// Posts `stay`.
        public var stayLabel: String
        public init(title: String, text: String, secondsLeft: Int, stayLabel: String) {
            self.title = title
            self.text = text
            self.secondsLeft = secondsLeft
            self.stayLabel = stayLabel
        }
    }

    public init(
        revision: Int = 0, id: String, language: String, title: String, lead: String? = nil, step: Step? = nil,
        notice: Notice? = nil, blocks: [Block] = [], actions: [Action] = [], idleWarning: IdleWarning? = nil
    ) {
        self.revision = revision
        self.id = id
        self.language = language
        self.title = title
        self.lead = lead
        self.step = step
        self.notice = notice
        self.blocks = blocks
        self.actions = actions
        self.idleWarning = idleWarning
    }

    /// Whether a touch means the same on both.
    func isSame(as other: Screen) -> Bool {
        var (left, right) = (self, other)
        (left.idleWarning, right.idleWarning) = (nil, nil)
        return left == right
    }
}
