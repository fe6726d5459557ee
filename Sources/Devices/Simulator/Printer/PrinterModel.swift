/// Which printer the simulator is.
public struct PrinterModel: Sendable, Equatable {
    /// What `kiosk-sim serve --printer-model` calls it.
    public var key = "standard"
    /// Dots in a row.
    public var width = 576
    /// Bytes of the receive buffer. Cheap printers have 4 KiB.
    public var bufferSize = 4096
    /// Whether it echoes `GS ( H`.
    public var hasFence = true
    /// Whether it answers `GS r`.
    public var hasStatusRequest = true
    /// Whether it sends automatic status.
    public var hasAutomaticStatus = true
    /// Whether `SOFT_RESET` empties its buffer; others refuse it.
    public var hasSoftReset = true
    /// Whether it knows `DLE DC4 8`, which empties its buffers and is answered.
    public var hasBufferClear = true
    /// Whether it has a sensor that feels the roll getting thin.
    public var hasNearEndSensor = true
    /// Whether it prints the rest of a job when new paper is in; others forget it.
    public var keepsJobOnReload = true
    public var vendor: UInt16 = 0x04B8
    public var product: UInt16 = 0x0202
    public var serial = "SIMPRT0001"
    public var manufacturer = "EPSON"
    public var name = "TM-T20III (simulated)"

    public init() {}

    private init(_ key: String, _ change: (inout PrinterModel) -> Void) {
        self.key = key
        change(&self)
    }

    public static let standard = PrinterModel()

    /// An unbranded 80 mm printer that can only answer `DLE EOT`.
    public static let cheap = PrinterModel("cheap") { model in
        (model.hasFence, model.hasStatusRequest, model.hasAutomaticStatus) = (false, false, false)
        (model.hasSoftReset, model.hasBufferClear, model.hasNearEndSensor) = (false, false, false)
        model.beUnbranded("Printer-80 (simulated)")
    }

    /// Prints the rest of a job after the repair, whatever the host says: it knows no way to forget.
    public static let keepsBuffer = PrinterModel("keeps-buffer") { model in
        (model.hasSoftReset, model.hasBufferClear) = (false, false)
        model.name = "Keeper-80 (simulated)"
    }

    /// Knows no `GS ( H`, but answers `GS r`.
    public static let statusOnly = PrinterModel("status") { model in
        (model.hasFence, model.hasSoftReset) = (false, false)
        model.name = "Status-80 (simulated)"
    }

    /// Knows neither `GS ( H` nor `GS r`, but sends automatic status.
    public static let automaticOnly = PrinterModel("automatic") { model in
        (model.hasFence, model.hasStatusRequest, model.hasBufferClear) = (false, false, false)
        model.name = "Automatic-80 (simulated)"
    }

    /// An unbranded printer for narrow rolls: 384 dots.
    public static let mm58 = PrinterModel("58mm") { model in
        model.width = 384
        (model.hasFence, model.hasSoftReset, model.hasBufferClear, model.hasNearEndSensor) = (
            false, false, false, false
        )
        model.keepsJobOnReload = false
        model.beUnbranded("Printer-58 (simulated)")
    }

    private mutating func beUnbranded(_ name: String) {
        (vendor, product, manufacturer, self.name) = (0x0416, 0x5011, "POS", name)
    }

    public static let all = [standard, cheap, keepsBuffer, statusOnly, automaticOnly, mm58]

    public static func named(_ key: String) -> PrinterModel? { all.first { $0.key == key } }
}
