/// What is special about a make of QR reader: data, not code (`kiosk-config/devices/barcode-readers.yaml`).
public struct BarcodeReaderProfile: Sendable, Equatable {
    /// Where the parts of a report stand, used when the reader's own report descriptor does not tell.
    public var layout: HIDPOSLayout
    /// Silent until feature report 254 is 1 (Honeywell, Youjie), also when the descriptor does not list that report.
    public var needsEnabling: Bool

    public init(layout: HIDPOSLayout = .common, needsEnabling: Bool = false) {
        self.layout = layout
        self.needsEnabling = needsEnabling
    }

    /// A reader of which nothing is known.
    public static let standard = BarcodeReaderProfile()
}
