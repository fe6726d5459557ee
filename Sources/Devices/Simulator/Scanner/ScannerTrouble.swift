/// What can be wrong with the simulated scanner, by the name that `kiosk-sim fault scanner` takes.
public enum ScannerTrouble: String, Sendable, CaseIterable {
    case jam
    case coverOpen = "cover-open"
    /// Its own sensor saw two sheets at once.
    case doubleFeed = "double-feed"
    /// It serves somebody else.
    case busy
    case warmingUp = "warming-up"
    /// Takes requests and does not answer.
    case silent
    /// Each page takes longer.
    case slow
    /// Switched off: connections end, and nobody listens any more.
    case lost
    /// A page's picture ends in the middle.
    case truncated
    /// A page's picture has other sides than were ordered.
    case wrongSize = "wrong-size"
    /// A page's picture never ends.
    case endless
    /// A page is no picture, and every document is no XML.
    case garbage

    /// What people at the command line read.
    var story: String {
        switch self {
        case .jam: "a sheet is jammed in the feeder"
        case .coverOpen: "the cover is open"
        case .doubleFeed: "two sheets went in at once"
        case .busy: "the scanner serves somebody else"
        case .warmingUp: "the scanner warms up"
        case .silent: "the scanner takes requests and does not answer"
        case .slow: "each page takes longer"
        case .lost: "the scanner is switched off"
        case .truncated: "a page's picture ends in the middle"
        case .wrongSize: "a page's picture has other sides than were ordered"
        case .endless: "a page's picture never ends"
        case .garbage: "the scanner answers garbage"
        }
    }

    /// Whether it takes `MILLISECONDS`.
    var takesTime: Bool { self == .slow || self == .warmingUp }
}
