import DeviceManager
import KioskConfiguration
import KioskMaterial
import Logging
import OfficePrinter
import Peripherals
import TicketPrinter

/// The printers that this kiosk reaches through CUPS.
struct Printers {
    /// nil when the ticket printer is the kiosk's own, on USB.
    let tickets: CUPSTicketPrinter?
    let office: CUPSOfficePrinter?

    init(_ material: Material, logger: Logger) {
        let settings = material.settings
        let server = CUPSServer(settings.cups.server) ?? .local
        if case .cups(let queue) = settings.ticketPrinter {
            // What is written of models can't be looked up: CUPS shows no USB id. The rule for any printer, then.
            let capabilities = PrinterCapabilities.standard
            let drawing = TicketDrawing(paper: capabilities.paper, template: material.ticket?.template ?? .standard)
            tickets = CUPSTicketPrinter(
                server: server, queue: queue, dots: capabilities.paper.dots,
                dotsPerInch: capabilities.paper.dotsPerInch, logger: logger
            ) { ticket in
                let bitmap = try drawing.draw(ticket)
                return CUPSTicketPrinter.Encoded(
                    bytes: ESCPOS.ticket(bitmap, capabilities: capabilities).flatMap { $0 },
                    millimetres: Double(bitmap.height + Int(ESCPOS.cutFeed)) * 25.4
                        / Double(capabilities.paper.dotsPerInch))
            }
        } else {
            tickets = nil
        }
        office = settings.officePrinter.map { CUPSOfficePrinter(server: server, queue: $0.queue, logger: logger) }
    }

    /// Which USB devices the kiosk takes for itself: not the ticket printer that CUPS has.
    func selection(_ devices: DeviceSettings) -> DeviceSelection {
        var selection = DeviceSelection(devices)
        if tickets != nil { selection.ticketPrinter = nil }
        return selection
    }
}
