/// Why a ticket could not be drawn. Never carries the ticket's texts.
public enum TicketDrawingError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The text is longer than a QR code of level M holds, or too long for the paper's width: shorten the address.
    case qrTextTooLong(bytes: Int)
    /// The ticket would be longer than the limit: shorten its texts or the template.
    case tooLong(dots: Int)
    /// The template is not usable: correct the file under `kiosk-config/tickets/`.
    case template(String)
    /// The logo can't be used: give another PNG file.
    case logo(String)
    /// Pango or Cairo failed, mostly for want of memory or fonts (fonts-noto-core).
    case cairo(String)

    public var description: String {
        switch self {
        case .qrTextTooLong(let bytes): "the QR text of \(bytes) bytes does not fit on the ticket: shorten it"
        case .tooLong(let dots): "the ticket would be \(dots) dots long: shorten its texts or the template"
        case .template(let problem): "ticket template: \(problem); correct the file under kiosk-config/tickets/"
        case .logo(let problem): "the ticket's logo can't be drawn: \(problem); give another PNG file"
        case .cairo(let what): "Pango or Cairo failed (\(what)): check memory, and the fonts (fonts-noto-core)"
        }
    }
}
