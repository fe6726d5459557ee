/// One of a printer's `printer-state-reasons` (RFC 8011, 5.4.12): what it is about, and how much it matters.
///
/// ```swift
/// PrinterStateReason("media-empty-warning")?.kind == .mediaEmpty   // with severity .warning
/// ```
public struct PrinterStateReason: Sendable, Hashable {
    /// How much it matters; a keyword without a suffix is an error (RFC 8011, 5.4.12).
    public enum Severity: String, Sendable, CaseIterable, Comparable {
        /// Nobody need do anything.
        case report
        /// It still prints, but somebody should come before it stops.
        case warning
        /// It has stopped, or will not go on.
        case error

        public static func < (a: Severity, b: Severity) -> Bool { a.rank < b.rank }
        private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
    }

    /// The reasons that the kiosk understands: those of RFC 8011, 5.4.12, of PWG 5100.9, and CUPS's own.
    public enum Kind: String, Sendable, CaseIterable {
        case mediaEmpty = "media-empty"
        case mediaNeeded = "media-needed"
        case mediaJam = "media-jam"
        case mediaLow = "media-low"
        case inputTrayMissing = "input-tray-missing"
        case inputMediaChange = "input-manual-input-request"
        case coverOpen = "cover-open"
        case doorOpen = "door-open"
        case interlockOpen = "interlock-open"
        case markerSupplyEmpty = "marker-supply-empty"
        case markerSupplyLow = "marker-supply-low"
        case markerSupplyMissing = "marker-supply-missing"
        case markerWasteFull = "marker-waste-full"
        case markerWasteAlmostFull = "marker-waste-almost-full"
        case tonerEmpty = "toner-empty"
        case tonerLow = "toner-low"
        case developerEmpty = "developer-empty"
        case developerLow = "developer-low"
        case drumOver = "opc-life-over"
        case drumNearOver = "opc-near-eol"
        case fuserOverTemperature = "fuser-over-temp"
        case fuserUnderTemperature = "fuser-under-temp"
        case outputAreaFull = "output-area-full"
        case outputAreaAlmostFull = "output-area-almost-full"
        case outputTrayMissing = "output-tray-missing"
        case spoolAreaFull = "spool-area-full"
        case offline
        case shutdown
        case timedOut = "timed-out"
        case connectingToDevice = "connecting-to-device"
        case paused
        case movingToPaused = "moving-to-paused"
        case stoppedPartly = "stopped-partly"
        case stopping
        case other
        /// The printer lost its list of jobs while one of them was under way: it was switched off, usually. CUPS keeps
        /// this reason until it is restarted, and calls such a job completed.
        case missingJobHistory = "cups-ipp-missing-job-history"
    }

    /// The reason without its suffix; also one that the kiosk does not know.
    public let keyword: String
    public let severity: Severity

    /// nil for a reason that the kiosk does not know: `keyword` still names it.
    public var kind: Kind? { Kind(rawValue: keyword) }

    /// - Returns: nil for `none`, for an empty text, and for what is no keyword (RFC 8011, 5.1.4) of at most 255 letters.
    public init?(_ text: String) {
        guard text != "none", (1...255).contains(text.utf8.count), text.utf8.allSatisfy(Self.isKeywordByte) else {
            return nil
        }
        for severity in Severity.allCases where text.hasSuffix("-\(severity.rawValue)") {
            let keyword = text.dropLast(severity.rawValue.utf8.count + 1)
            guard !keyword.isEmpty else { return nil }
            self.keyword = String(keyword)
            self.severity = severity
            return
        }
        keyword = text
        // What only CUPS says of itself is never a reason to stop.
        severity = text.hasPrefix("cups-") ? .report : .error
    }

    private static func isKeywordByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
            true
        default: false
        }
    }

    /// A list of at most 64 of them, without repetitions.
    public static func list(_ texts: [String]) -> [PrinterStateReason] {
        var seen: Set<PrinterStateReason> = []
        return texts.prefix(64).compactMap { PrinterStateReason($0) }.filter { seen.insert($0).inserted }
    }
}

extension PrinterStateReason: CustomStringConvertible {
    public var description: String { "\(keyword)-\(severity.rawValue)" }
}
