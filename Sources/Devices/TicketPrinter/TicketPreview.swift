import Peripherals

/// A ticket as a file, for `kioskctl ticket preview`: what the paper will look like, or what the printer will be sent.
public enum TicketPreview {
    public enum Format: String, Sendable, CaseIterable {
        case png
        case escpos
    }

    /// - Parameter ticket: its texts, decoded from a file of the user's.
    /// - Returns: a PNG file, or the bytes of one print job without the commands that ask for answers.
    public static func bytes(
        of ticket: TicketContent, as format: Format, paper: PaperWidth = .mm80, template: TicketTemplate = .standard,
        capabilities: PrinterCapabilities = .standard
    ) throws(TicketDrawingError) -> [UInt8] {
        let bitmap = try TicketDrawing(paper: paper, template: template).draw(ticket)
        switch format {
        case .png: return try bitmap.png()
        case .escpos: return ESCPOS.ticket(bitmap, capabilities: capabilities).flatMap { $0 }
        }
    }
}
