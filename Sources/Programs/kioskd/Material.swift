import CentralProtocol
import Forms
import Foundation
import KioskConfiguration
import Procedures

/// Everything that is read from files before the kiosk starts. Reading it is the check of the configuration.
struct Material {
    var settings: KioskSettings
    var locales: Locales
    var catalogue: ProcedureCatalogue
    /// By form id.
    var forms: [String: FormDefinition]
    /// What is special about makes of card readers and QR readers.
    var readers: ReaderBook
    var barcodeReaders: BarcodeReaderData
    /// nil when no centre is configured.
    var enrolment: Enrolment?

    init(settingsFile: URL) throws {
        settings = try KioskSettings.load(settingsFile)
        locales = try Locales.load(directory: settings.folders.locales, languages: settings.journey.languages)
        catalogue = try ProcedureCatalogue.load(directory: settings.folders.procedures)
        forms = [:]
        for id in Set(catalogue.procedures.flatMap(\.versions).compactMap(\.form)) {
            forms[id] = try FormDefinition(contentsOf: settings.folders.forms.appending(path: "\(id).xml"))
        }
        readers = try settings.folders.devices.map { try ReaderBook.load($0.appending(path: "readers.yaml")) } ?? .empty
        barcodeReaders = try settings.folders.devices.map { try BarcodeReaderData.load(folder: $0) } ?? .empty
        enrolment = try settings.central.map { try Enrolment(contentsOf: $0.enrolment) }
    }

    var summary: String {
        "fine: \(catalogue.procedures.count) procedure(s), \(forms.count) form(s), "
            + "\(readers.readers.count) card reader(s) described, languages \(locales.languages.joined(separator: ", "))"
    }
}
