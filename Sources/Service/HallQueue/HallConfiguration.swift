/// The hall as its officials set it up: classes, counters and how much patience priority may ask of others.
public struct HallConfiguration: Sendable, Equatable {
    /// The hall's code; numbers are unique within it, for example `23710`.
    public var hall: String
    /// The hall's name, on the display.
    public var title: String
    public var classes: [QueueClass]
    public var counters: [Counter]
    public var cap: PriorityCap?
    /// How long a ticket may stay without proof before staff are told, in seconds: longer than any print job.
    public var proofGraceSeconds: Double
    /// The length of a new ticket roll, in metres; 80 m is usual at 80 mm width.
    public var rollMetres: Double
    /// With paper for so many tickets left, staff are told to have a new roll at hand.
    public var fewTickets: Int

    public struct Counter: Sendable, Equatable {
        public var number: Int
        public var label: String
        /// Calls this class first, and helps the others when nobody of it waits.
        public var reservedFor: String?
        public init(number: Int, label: String, reservedFor: String? = nil) {
            self.number = number
            self.label = label
            self.reservedFor = reservedFor
        }
    }

    public init(
        hall: String, title: String, classes: [QueueClass], counters: [Counter], cap: PriorityCap? = PriorityCap(),
        proofGraceSeconds: Double = 180, rollMetres: Double = 80, fewTickets: Int = 40
    ) {
        self.hall = hall
        self.title = title
        self.classes = classes
        self.counters = counters
        self.cap = cap
        self.proofGraceSeconds = proofGraceSeconds
        self.rollMetres = rollMetres
        self.fewTickets = fewTickets
    }

    func queueClass(_ id: String) -> QueueClass? { classes.first { $0.id == id } }
    func counter(_ number: Int) -> Counter? { counters.first { $0.number == number } }

    var discipline: QueueDiscipline { QueueDiscipline(classes: classes, cap: cap) }
}

/// A class of applicants. No law orders the classes at a hall among each other, so all of this is configuration.
public struct QueueClass: Sendable, Equatable {
    /// A code, since it stands in the event log: for example `ordinary` or `priority`.
    public var id: String
    /// In Vietnamese, for example "Ưu tiên".
    public var name: String
    /// The letter before the number. A second kiosk that can't reach the hall's authority has letters of its own.
    public var series: String
    /// Credit a waiting ticket gains in a second. The ratio of two rates sets the ratio of the waits under load.
    public var rate: Double
    public var isPriority: Bool

    public init(id: String, name: String, series: String, rate: Double, isPriority: Bool) {
        self.id = id
        self.name = name
        self.series = series
        self.rate = rate
        self.isPriority = isPriority
    }
}

/// At most `calls` priority tickets in a row while an ordinary ticket has waited longer than `ordinaryWaitSeconds`.
public struct PriorityCap: Sendable, Equatable {
    public var calls: Int
    public var ordinaryWaitSeconds: Double
    public init(calls: Int = 3, ordinaryWaitSeconds: Double = 900) {
        self.calls = calls
        self.ordinaryWaitSeconds = ordinaryWaitSeconds
    }
}
