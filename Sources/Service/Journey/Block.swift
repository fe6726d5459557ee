/// One thing on a screen. In JSON the block's own fields stand beside `"type"`, which is the case's name.
public enum Block: Sendable, Equatable {
    case text(Text)
    case choices(Choices)
    case illustration(Illustration)
    case progress(Progress)
    case papers(Papers)
    case facts(Facts)
    case field(Field)
    case scans(Scans)
    case page(Page)
    case summary(Summary)
    case ticket(Ticket)

    public struct Text: Sendable, Equatable, Codable {
        public enum Style: String, Sendable, Codable { case body, heading, hint }
        public var text: String
        public var style: Style
        public init(_ text: String, style: Style = .body) {
            self.text = text
            self.style = style
        }
    }

    /// Big buttons. With `multiple` false a tap posts `{"action": name, "value": option}` at once; with `multiple` true
    /// taps toggle and the values go with the next action under `values[name]`, joined by spaces.
    public struct Choices: Sendable, Equatable, Codable {
        public var name: String
        public var multiple: Bool
        public var options: [Option]
        public struct Option: Sendable, Equatable, Codable {
            public var value: String
            public var label: String
            public var detail: String?
            /// One of the page's drawings: `birth`, `ticket`, `search`, `elderly`, `pregnant`, `disabled`, `merit`,
            /// `flag-vi`, `flag-en`, `document`.
            public var icon: String?
            public var selected: Bool
            public init(
                value: String, label: String, detail: String? = nil, icon: String? = nil, selected: Bool = false
            ) {
                self.value = value
                self.label = label
                self.detail = detail
                self.icon = icon
                self.selected = selected
            }
        }
        public init(name: String, multiple: Bool = false, options: [Option]) {
            self.name = name
            self.multiple = multiple
            self.options = options
        }
    }

    /// A drawing that shows what to do: `card-qr`, `card-place`, `card-hold`, `scan-feeder`, `take-ticket`, `done`, `wait`.
    public struct Illustration: Sendable, Equatable, Codable {
        public var name: String
        /// The same in words, for those who can't see it.
        public var alt: String
        public init(name: String, alt: String) {
            self.name = name
            self.alt = alt
        }
    }

    public struct Progress: Sendable, Equatable, Codable {
        public var label: String
        /// 0 to 1; nil while nobody knows.
        public var fraction: Double?
        public init(label: String, fraction: Double? = nil) {
            self.label = label
            self.fraction = fraction
        }
    }

    /// What to bring: the components of the dossier.
    public struct Papers: Sendable, Equatable, Codable {
        public var items: [Item]
        public struct Item: Sendable, Equatable, Codable {
            public var label: String
            public var detail: String?
            public var required: Bool
            /// What stands instead of the page's own word for required or not, for example "One of these".
            public var tag: String?
            public init(label: String, detail: String? = nil, required: Bool, tag: String? = nil) {
                self.label = label
                self.detail = detail
                self.required = required
                self.tag = tag
            }
        }
        public init(items: [Item]) { self.items = items }
    }

    /// Short facts with a label: fee, time.
    public struct Facts: Sendable, Equatable, Codable {
        public var items: [Item]
        public struct Item: Sendable, Equatable, Codable {
            public var label: String
            public var value: String
            public init(label: String, value: String) {
                self.label = label
                self.value = value
            }
        }
        public init(items: [Item]) { self.items = items }
    }

    /// One question of a form. Its value goes with the next action under `values[name]`, or with action `answer`.
    public struct Field: Sendable, Equatable, Codable {
        public enum Control: String, Sendable, Codable {
            case text, longText, integer, decimal, date, selectOne, selectMultiple, note
        }
        /// Which keys a text opens, when not all letters.
        public enum Keyboard: String, Sendable, Codable {
            /// Figures only; the value stays a text with its leading zeros.
            case numbers
        }
        /// The question's path in the form, for example `/data/child/name`.
        public var name: String
        public var label: String
        public var hint: String?
        /// Longer help for who asks for it.
        public var guidance: String?
        public var control: Control
        public var keyboard: Keyboard?
        public var value: String
        public var required: Bool
        public var readOnly: Bool
        /// Set when the value came from the card: the text to show beside it.
        public var origin: String?
        public var options: [Choices.Option]
        public var error: String?
        public init(
            name: String, label: String, hint: String? = nil, guidance: String? = nil, control: Control,
            keyboard: Keyboard? = nil, value: String, required: Bool = false, readOnly: Bool = false,
            origin: String? = nil, options: [Choices.Option] = [], error: String? = nil
        ) {
            self.name = name
            self.label = label
            self.hint = hint
            self.guidance = guidance
            self.control = control
            self.keyboard = keyboard
            self.value = value
            self.required = required
            self.readOnly = readOnly
            self.origin = origin
            self.options = options
            self.error = error
        }
    }

    /// The pages scanned for one component. `scan` with the component's id as value scans; `openPage` with a page's id
    /// shows it large.
    public struct Scans: Sendable, Equatable, Codable {
        public var component: String
        public var label: String
        public var detail: String?
        public var required: Bool
        /// As in `Papers.Item`.
        public var tag: String?
        /// The applicant wanted to go on without it.
        public var missing: Bool
        public var pages: [Page]
        public var scanLabel: String
        /// Below each picture: it can be touched.
        public var openLabel: String
        /// What happened to pages that are not here, for example that blank ones were left out.
        public var note: String?
        /// Its pages are coming; nothing of it can be touched.
        public var busy: Bool
        public struct Page: Sendable, Equatable, Codable {
            public enum State: String, Sendable, Codable {
                /// Has no picture yet.
                case preparing
                case ready
                /// Its question is open.
                case doubtful
            }
            public var id: String
            /// Where the page's picture is served.
            public var url: String
            public var label: String
            public var state: State
            /// The state in words; nil when all is well.
            public var mark: String?
            public init(id: String, url: String, label: String, state: State = .ready, mark: String? = nil) {
                self.id = id
                self.url = url
                self.label = label
                self.state = state
                self.mark = mark
            }
        }
        public init(
            component: String, label: String, detail: String? = nil, required: Bool, tag: String? = nil,
            missing: Bool = false, pages: [Page], scanLabel: String, openLabel: String, note: String? = nil,
            busy: Bool = false
        ) {
            self.component = component
            self.label = label
            self.detail = detail
            self.required = required
            self.tag = tag
            self.missing = missing
            self.pages = pages
            self.scanLabel = scanLabel
            self.openLabel = openLabel
            self.note = note
            self.busy = busy
        }
    }

    /// One scanned page, large.
    public struct Page: Sendable, Equatable, Codable {
        /// Where the page's picture is served.
        public var url: String
        public var label: String
        /// What can be done with it, beside the screen's own actions: each posts its id.
        public var deeds: [Deed]
        public struct Deed: Sendable, Equatable, Codable {
            public var id: String
            public var label: String
            /// One of the page's icons: `earlier`, `later`, `scan`, `remove`.
            public var icon: String
            public var enabled: Bool
            public init(id: String, label: String, icon: String, enabled: Bool = true) {
                self.id = id
                self.label = label
                self.icon = icon
                self.enabled = enabled
            }
        }
        public init(url: String, label: String, deeds: [Deed] = []) {
            self.url = url
            self.label = label
            self.deeds = deeds
        }
    }

    /// Answers to check. `change` with the row's target as value goes back to that question.
    public struct Summary: Sendable, Equatable, Codable {
        public var title: String
        public var rows: [Row]
        public struct Row: Sendable, Equatable, Codable {
            public var label: String
            public var value: String
            public var target: String?
            public var changeLabel: String?
            public init(label: String, value: String, target: String? = nil, changeLabel: String? = nil) {
                self.label = label
                self.value = value
                self.target = target
                self.changeLabel = changeLabel
            }
        }
        public init(title: String, rows: [Row]) {
            self.title = title
            self.rows = rows
        }
    }

    /// The number, large, with its QR code.
    public struct Ticket: Sendable, Equatable, Codable {
        public var number: String
        public var className: String?
        public var procedure: String?
        /// Short lines: how many wait ahead, which counters.
        public var notes: [String]
        /// The QR code's modules, a row a string of `0` and `1`, without quiet zone; nil when there is none to show.
        public var qr: [String]?
        public init(
            number: String, className: String? = nil, procedure: String? = nil, notes: [String] = [],
            qr: [String]? = nil
        ) {
            self.number = number
            self.className = className
            self.procedure = procedure
            self.notes = notes
            self.qr = qr
        }
    }
}

extension Block: Codable {
    private enum Key: String, CodingKey { case type }
    private enum Name: String, Codable {
        case text, choices, illustration, progress, papers, facts, field, scans, page, summary, ticket
    }

    public init(from decoder: any Decoder) throws {
        switch try decoder.container(keyedBy: Key.self).decode(Name.self, forKey: .type) {
        case .text: self = .text(try Text(from: decoder))
        case .choices: self = .choices(try Choices(from: decoder))
        case .illustration: self = .illustration(try Illustration(from: decoder))
        case .progress: self = .progress(try Progress(from: decoder))
        case .papers: self = .papers(try Papers(from: decoder))
        case .facts: self = .facts(try Facts(from: decoder))
        case .field: self = .field(try Field(from: decoder))
        case .scans: self = .scans(try Scans(from: decoder))
        case .page: self = .page(try Page(from: decoder))
        case .summary: self = .summary(try Summary(from: decoder))
        case .ticket: self = .ticket(try Ticket(from: decoder))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        let (name, content): (Name, any Encodable) =
            switch self {
            case .text(let content): (.text, content)
            case .choices(let content): (.choices, content)
            case .illustration(let content): (.illustration, content)
            case .progress(let content): (.progress, content)
            case .papers(let content): (.papers, content)
            case .facts(let content): (.facts, content)
            case .field(let content): (.field, content)
            case .scans(let content): (.scans, content)
            case .page(let content): (.page, content)
            case .summary(let content): (.summary, content)
            case .ticket(let content): (.ticket, content)
            }
        try container.encode(name, forKey: .type)
        try content.encode(to: encoder)
    }
}
