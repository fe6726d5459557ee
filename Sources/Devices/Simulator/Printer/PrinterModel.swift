/// Which printer the simulator is.
public struct PrinterModel: Sendable {
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
    /// Whether it prints the rest of a job when new paper is in; others forget it.
    public var keepsJobOnReload = true
    public var vendor: UInt16 = 0x04B8
    public var product: UInt16 = 0x0202
    public var serial = "SIMPRT0001"
    public var manufacturer = "EPSON"
    public var name = "TM-T20III (simulated)"

    public init() {}

    public static let standard = PrinterModel()

    /// An unbranded 80 mm printer that can only answer `DLE EOT`.
    public static let cheap: PrinterModel = {
        var model = PrinterModel()
        (model.hasFence, model.hasStatusRequest, model.hasAutomaticStatus, model.hasSoftReset) = (
            false, false, false, false
        )
        (model.vendor, model.product) = (0x0416, 0x5011)
        (model.manufacturer, model.name) = ("POS", "Printer-80 (simulated)")
        return model
    }()
}
