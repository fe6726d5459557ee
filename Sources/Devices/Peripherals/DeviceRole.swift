/// The devices that a kiosk has, named by what they do and not by who made them.
public enum DeviceRole: String, Sendable, Codable, CaseIterable, Hashable {
    case cardReader = "card-reader"
    case barcodeReader = "barcode-reader"
    case ticketPrinter = "ticket-printer"
    case documentScanner = "document-scanner"
    /// Only where one is configured.
    case officePrinter = "office-printer"
}
