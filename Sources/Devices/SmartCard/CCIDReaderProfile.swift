/// What differs from reader to reader and cannot be asked from it: quirks as data (`kiosk-config/devices/readers.yaml`).
public struct CCIDReaderProfile: Sendable, Equatable, Codable {
    /// The interface and the slot in which the card lies; nil lets the driver find out.
    public var interface: UInt8?
    public var slot: UInt8?
    /// How the reader takes commands, where its descriptor is wrong about that slot.
    public var level: CCIDDescriptor.ExchangeLevel?
    /// How long the reader may take for its first answer after it was plugged in, in milliseconds.
    public var firstAnswerMs: Int
    /// How long the reader may take to answer about itself afterwards: its slot's state, power off. In milliseconds.
    public var statusMs: Int
    /// Bounds the length of a message when the reader's own descriptor promises too much, in bytes.
    public var maximumMessageLength: Int?
    /// Ask for the slot's state instead of trusting the interrupt endpoint.
    public var needsPolling: Bool
    /// How often the state is asked for when nothing happens, in milliseconds.
    public var pollIntervalMs: Int
    /// How long the reader may be silent during a command before it is aborted, in milliseconds. Readers that need longer
    /// send time extensions.
    public var patienceMs: Int
    /// How long the reader may take to report, during a command, that the card left, in milliseconds.
    public var removalGraceMs: Int

    public init(
        interface: UInt8? = nil, slot: UInt8? = nil, level: CCIDDescriptor.ExchangeLevel? = nil,
        firstAnswerMs: Int = 1500, statusMs: Int = 2000, maximumMessageLength: Int? = nil, needsPolling: Bool = false,
        pollIntervalMs: Int = 300, patienceMs: Int = 5000, removalGraceMs: Int = 500
    ) {
        self.interface = interface
        self.slot = slot
        self.level = level
        self.firstAnswerMs = firstAnswerMs
        self.statusMs = statusMs
        self.maximumMessageLength = maximumMessageLength
        self.needsPolling = needsPolling
        self.pollIntervalMs = pollIntervalMs
        self.patienceMs = patienceMs
        self.removalGraceMs = removalGraceMs
    }

    public static let standard = CCIDReaderProfile()
}
