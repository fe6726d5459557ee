/// What CUPS, or the printer, says of a job at one moment.
struct JobSnapshot: Sendable, Equatable {
    /// RFC 8011, 5.3.7.
    enum State: Int, Sendable {
        case pending = 3, held = 4, processing = 5, stopped = 6, canceled = 7, aborted = 8, completed = 9

        var isOver: Bool { rawValue >= State.canceled.rawValue }
    }

    var id: Int
    var name: String?
    var state: State
    /// Something of it was handed on: there may be paper.
    var hasBegun: Bool
    /// Sides printed, and sheets, as far as they are counted.
    var impressions: Int?
    var sheets: Int?

    static let requested = [
        "job-id", "job-name", "job-state", "time-at-processing", "job-impressions-completed",
        "job-media-sheets-completed",
    ]

    init?(_ attributes: IPPAttributes) {
        guard let id = attributes.integer("job-id"),
            let state = attributes.integer("job-state").flatMap(State.init)
        else { return nil }
        self.id = id
        self.state = state
        name = attributes.text("job-name")
        hasBegun = attributes.integer("time-at-processing") != nil
        impressions = attributes.integer("job-impressions-completed")
        sheets = attributes.integer("job-media-sheets-completed")
    }

    /// For tests.
    init(_ state: State, hasBegun: Bool = true, impressions: Int? = nil, sheets: Int? = nil) {
        id = 1
        self.state = state
        self.hasBegun = hasBegun
        self.impressions = impressions
        self.sheets = sheets
    }
}
