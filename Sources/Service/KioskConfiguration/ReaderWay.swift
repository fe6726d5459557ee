/// How the kiosk gets to the card reader.
public enum ReaderWay: String, Sendable, CaseIterable {
    /// By the kiosk's own driver.
    case usb
    /// By the system's smart-card service, pcscd, which then holds the reader.
    case pcsc
}
