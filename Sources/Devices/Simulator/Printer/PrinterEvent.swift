/// Something that happens to the virtual printer, by the name that `kiosk-sim fault printer` uses.
public enum PrinterEvent: String, Sendable, CaseIterable {
    case paperOut = "paper-out"
    /// A new roll; what hangs out is torn off.
    case paperIn = "paper-in"
    case nearEnd = "near-end"
    case coverOpen = "cover-open"
    case coverClose = "cover-close"
    case cutterJam = "cutter-jam"
    case cutterClear = "cutter-clear"
    /// The head is too hot: it waits until it has `cooled`.
    case overheated
    case cooled
    /// Offline without a cause that a sensor knows, for example by its button.
    case offline
    case online
    /// An error that only a `power-cycle` clears.
    case fault
    /// Prints, and answers nothing.
    case silent
    case answering
    /// The cable is pulled; the printer keeps its power and its buffer.
    case unplug
    /// Switched off and on: the buffers are lost, and it comes back on the bus as another device.
    case powerCycle = "power-cycle"

    /// What the person at the command line is told.
    var text: String {
        switch self {
        case .paperOut: "The roll is used up."
        case .paperIn: "A new roll is in."
        case .nearEnd: "The roll ends soon."
        case .coverOpen: "The cover is open."
        case .coverClose: "The cover is closed."
        case .cutterJam: "The cutter is jammed."
        case .cutterClear: "The cutter is free."
        case .overheated: "The print head is too hot."
        case .cooled: "The print head has cooled down."
        case .offline: "The printer is offline."
        case .online: "The printer is online."
        case .fault: "The printer has an error that only switching it off and on clears."
        case .silent: "The printer prints, and answers nothing."
        case .answering: "The printer answers again."
        case .unplug: "The cable is pulled."
        case .powerCycle: "The printer was switched off and on."
        }
    }

    /// What makes this fault good again; nil for what is none.
    public var repair: PrinterEvent? {
        switch self {
        case .paperOut, .nearEnd: .paperIn
        case .coverOpen: .coverClose
        case .cutterJam: .cutterClear
        case .overheated: .cooled
        case .offline: .online
        case .fault: .powerCycle
        case .silent: .answering
        case .paperIn, .coverClose, .cutterClear, .cooled, .online, .answering, .unplug, .powerCycle: nil
        }
    }
}

/// When something happens to the virtual printer.
public enum PrinterMoment: Sendable, Equatable {
    /// When so many more rows are on paper.
    case afterRows(Int)
    /// When so many more bytes were received.
    case afterBytes(Int)
    /// When the paper stands at the cutter.
    case beforeCut
    /// When the slip has fallen, before anything else is worked off.
    case afterCut

    /// - Parameter words: `--after-rows N`, `--after-bytes N`, `--before-cut` or `--after-cut`.
    init(_ words: [String]) throws {
        switch (words.first, words.count) {
        case ("--before-cut", 1): self = .beforeCut
        case ("--after-cut", 1): self = .afterCut
        case ("--after-rows", 2): self = .afterRows(try Self.number(words))
        case ("--after-bytes", 2): self = .afterBytes(try Self.number(words))
        default:
            throw FaultError.unknown(
                words, known: ["--after-rows N", "--after-bytes N", "--before-cut", "--after-cut"])
        }
    }

    private static func number(_ words: [String]) throws -> Int {
        guard let number = Int(words[1]), (0...1_000_000).contains(number) else {
            throw FaultError("\(words[0]) wants a number, for example 400")
        }
        return number
    }
}
