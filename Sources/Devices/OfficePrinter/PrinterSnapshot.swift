import Peripherals

/// What a queue of CUPS, or a printer, said of itself at one moment.
struct PrinterSnapshot: Sendable, Equatable {
    /// RFC 8011, 5.4.11.
    enum State: Int, Sendable { case idle = 3, processing = 4, stopped = 5 }

    var state: State
    var reasons: [PrinterStateReason]
    var message: String
    var isAccepting: Bool
    /// CUPS only: what happens to the queue when its back end fails.
    var errorPolicy: String?
    /// CUPS only. May hold a password: never in a log.
    var deviceURI: String?
    var model: String?
    /// It keeps events for those who subscribe (RFC 3996).
    var keepsEvents: Bool

    static let requested = [
        "printer-state", "printer-state-reasons", "printer-state-message", "printer-is-accepting-jobs",
        "printer-error-policy", "device-uri", "printer-make-and-model", "operations-supported",
    ]

    /// - Returns: nil when the answer lacks the state.
    init?(_ attributes: IPPAttributes) {
        guard let state = attributes.integer("printer-state").flatMap(State.init) else { return nil }
        self.state = state
        reasons = PrinterStateReason.list(attributes.texts("printer-state-reasons"))
        message = String((attributes.text("printer-state-message") ?? "").prefix(200))
        isAccepting = attributes.flag("printer-is-accepting-jobs") ?? true
        errorPolicy = attributes.text("printer-error-policy")
        deviceURI = attributes.text("device-uri")
        model = attributes.text("printer-make-and-model").map { String($0.prefix(127)) }
        let operations = Set(attributes.integers("operations-supported"))
        keepsEvents = [IPPRequest.Operation.createPrinterSubscriptions, .getNotifications].allSatisfy {
            operations.contains(Int($0.rawValue))
        }
    }

    /// For tests.
    init(
        _ state: State, _ reasons: [String] = [], message: String = "", isAccepting: Bool = true,
        errorPolicy: String? = nil, deviceURI: String? = nil
    ) {
        self.state = state
        self.reasons = PrinterStateReason.list(reasons)
        self.message = message
        self.isAccepting = isAccepting
        self.errorPolicy = errorPolicy
        self.deviceURI = deviceURI
        model = nil
        keepsEvents = true
    }

    /// CUPS writes so when somebody pauses a queue without giving a reason, and never when an error stops it.
    var isPausedByHand: Bool { state == .stopped && message.hasPrefix("Paused") }
    /// An error stopped the queue: it stays so after the repair until somebody resumes it.
    var isStoppedByError: Bool { state == .stopped && !isPausedByHand }

    func has(_ kind: PrinterStateReason.Kind) -> Bool { reasons.contains { $0.kind == kind } }
}

/// What the printer itself said, past CUPS.
enum DeviceAnswer: Sendable, Equatable {
    case answered(PrinterSnapshot)
    case silent
    /// It does not speak IPP, or not at an address that is known.
    case notAsked
}

extension OfficePrinterCondition {
    /// - Parameters:
    ///   - device: what the printer itself says, which is newer than what the queue knows of it.
    ///   - believesWarnings: whether a printer at work that warns of an empty tray or an open cover counts as waiting for
    ///     somebody. Some call it an error only when they stop.
    init(queue: PrinterSnapshot, device: DeviceAnswer, believesWarnings: Bool = true) {
        if queue.isPausedByHand || !queue.isAccepting {
            self = .paused
            return
        }
        let source: PrinterSnapshot
        switch device {
        case .silent:
            self = .offline
            return
        case .answered(let snapshot): source = snapshot
        case .notAsked: source = queue
        }
        if let blocking = source.blocking ?? (believesWarnings ? source.suspected : nil) {
            self = blocking
        } else if queue.state == .stopped {
            self = .stopped
        } else if source.state == .stopped {
            self = .fault
        } else {
            self = source.isLow ? .suppliesLow : .ready
        }
    }
}

extension PrinterSnapshot {
    /// In the order in which a person would deal with them.
    private static let conditions: [(OfficePrinterCondition, [PrinterStateReason.Kind])] = [
        (.offline, [.offline, .shutdown, .timedOut]),
        (.jam, [.mediaJam]),
        (.coverOpen, [.coverOpen, .doorOpen, .interlockOpen]),
        (.paperOut, [.mediaEmpty, .inputTrayMissing]),
        (.paperNeeded, [.mediaNeeded, .inputMediaChange]),
        (.tonerOut, [.markerSupplyEmpty, .tonerEmpty, .markerSupplyMissing]),
        (.outputFull, [.outputAreaFull, .outputTrayMissing]),
        (
            .fault,
            [
                .markerWasteFull, .developerEmpty, .drumOver, .fuserOverTemperature, .fuserUnderTemperature, .other,
                .spoolAreaFull,
            ]
        ),
    ]

    private static let low: Set<PrinterStateReason.Kind> = [
        .mediaEmpty, .mediaLow, .markerSupplyEmpty, .markerSupplyLow, .tonerEmpty, .tonerLow, .markerWasteAlmostFull,
        .developerLow, .drumNearOver, .outputAreaAlmostFull,
    ]

    /// What keeps it from printing. A warning does so only when the printer has stopped; being offline always does.
    var blocking: OfficePrinterCondition? {
        let met = first { reason in
            reason.severity == .error || reason.kind == .offline || (state == .stopped && reason.severity == .warning)
        }
        if let met { return met }
        // An error that the kiosk does not know by name, at a printer that has stopped.
        let isUnknownError = reasons.contains { $0.kind == nil && $0.severity == .error }
        return state == .stopped && isUnknownError ? .fault : nil
    }

    /// What it warns of while it is at work: the job may be waiting for just that.
    var suspected: OfficePrinterCondition? { state == .processing ? first { $0.severity == .warning } : nil }

    private func first(where isMet: (PrinterStateReason) -> Bool) -> OfficePrinterCondition? {
        Self.conditions.first { _, kinds in
            reasons.contains { reason in reason.kind.map(kinds.contains) ?? false && isMet(reason) }
        }?.0
    }

    /// A tray or a cartridge needs somebody before long.
    var isLow: Bool {
        reasons.contains { $0.kind.map(Self.low.contains) ?? false && $0.severity >= .warning }
            || has(.mediaLow) || has(.tonerLow) || has(.markerSupplyLow)
    }
}
