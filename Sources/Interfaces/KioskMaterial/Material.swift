import CentralProtocol
import Forms
import Foundation
import KioskConfiguration
import Procedures

/// Everything that is read from files before the kiosk starts. Reading it is the check of the configuration.
public struct Material: Sendable {
    public let settings: KioskSettings
    public let locales: Locales
    public let catalogue: ProcedureCatalogue
    /// By form id.
    public let forms: [String: FormDefinition]
    /// How tickets look; nil for the built-in template.
    public let ticket: TicketTemplateFile?
    /// What is special about makes of card readers, QR readers and ticket printers.
    public let readers: ReaderBook
    public let barcodeReaders: BarcodeReaderData
    public let printers: PrinterBook
    /// nil when no centre is configured.
    public let enrolment: Enrolment?

    /// - Throws: the first fault, which names its file and the remedy.
    public init(settingsFile: URL) throws {
        var reading = MaterialReading()
        guard let material = reading.read(settingsFile), reading.faults.isEmpty else {
            throw reading.faults.first
                ?? YAMLFault(
                    file: settingsFile.path, line: nil, keyPath: "", problem: "cannot be read", remedy: "Check the file"
                )
        }
        self = material
    }

    /// All faults of the configuration; empty when it is fine.
    public static func check(_ settingsFile: URL) -> (material: Material?, faults: [ConfigurationFault]) {
        var reading = MaterialReading()
        let material = reading.read(settingsFile)
        return (material, reading.faults.flatMap(ConfigurationFault.all))
    }

    init(
        settings: KioskSettings, locales: Locales, catalogue: ProcedureCatalogue, forms: [String: FormDefinition],
        ticket: TicketTemplateFile?, readers: ReaderBook, barcodeReaders: BarcodeReaderData, printers: PrinterBook,
        enrolment: Enrolment?
    ) {
        (self.settings, self.locales, self.catalogue, self.forms) = (settings, locales, catalogue, forms)
        (self.ticket, self.enrolment) = (ticket, enrolment)
        (self.readers, self.barcodeReaders, self.printers) = (readers, barcodeReaders, printers)
    }

    public var summary: String {
        "fine: \(catalogue.procedures.count) procedure(s), \(forms.count) form(s), "
            + "\(readers.readers.count) card reader(s) and \(printers.printers.count) ticket printer(s) described, "
            + "ticket template \(settings.ticket.template), languages \(locales.languages.joined(separator: ", "))"
    }
}
