import Peripherals

/// The devices of the kiosk as the service sees them: what they do, not how they are plugged in.
public struct KioskDevices: Sendable {
    public var card: any CardReading
    public var barcode: any BarcodeReading
    public var printer: any TicketPrinting
    public var scanner: any DocumentScanning
    public var pages: any PageProcessing
    /// nil where no office printer is configured.
    public var documents: (any DocumentPrinting)?
    public var reports: any DeviceReporting

    public init(
        card: any CardReading, barcode: any BarcodeReading, printer: any TicketPrinting,
        scanner: any DocumentScanning, pages: any PageProcessing,
        documents: (any DocumentPrinting)? = nil, reports: any DeviceReporting
    ) {
        self.card = card
        self.barcode = barcode
        self.printer = printer
        self.scanner = scanner
        self.pages = pages
        self.documents = documents
        self.reports = reports
    }
}
