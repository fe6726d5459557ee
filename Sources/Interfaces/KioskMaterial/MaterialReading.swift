import CentralProtocol
import Forms
import Foundation
import KioskConfiguration
import Procedures
import TicketPrinter

/// Reads all files and goes on after a fault, so that a technician sees all of them at once.
struct MaterialReading {
    private(set) var faults: [any Error] = []

    /// - Returns: nil when a part could not be read.
    mutating func read(_ settingsFile: URL) -> Material? {
        guard let settings = part({ try KioskSettings.load(settingsFile) }) else { return nil }
        let folders = settings.folders
        let locales = part { try Locales.load(directory: folders.locales, languages: settings.journey.languages) }
        let catalogue = part { try ProcedureCatalogue.load(directory: folders.procedures) }
        let forms = catalogue.map { readForms(of: $0, in: folders.forms) } ?? [:]
        let ticket = settings.ticket.file.map { readTemplate($0) }
        let readers = part {
            try folders.devices.map { try ReaderBook.load($0.appending(path: "readers.yaml")) } ?? .empty
        }
        let barcodeReaders = part { try folders.devices.map { try BarcodeReaderData.load(folder: $0) } ?? .empty }
        let printers = part { try folders.devices.map { try PrinterBook.load(folder: $0) } ?? .empty }
        let enrolment = part { try settings.central.map { try Enrolment(contentsOf: $0.enrolment) } }
        guard let locales, let catalogue, let readers, let barcodeReaders, let printers, let enrolment else {
            return nil
        }
        return Material(
            settings: settings, locales: locales, catalogue: catalogue, forms: forms, ticket: ticket ?? nil,
            readers: readers, barcodeReaders: barcodeReaders, printers: printers, enrolment: enrolment)
    }

    private mutating func part<Value>(_ read: () throws -> Value) -> Value? {
        do {
            return try read()
        } catch {
            faults.append(error)
            return nil
        }
    }

    private mutating func readForms(of catalogue: ProcedureCatalogue, in folder: URL) -> [String: FormDefinition] {
        var forms: [String: FormDefinition] = [:]
        for id in Set(catalogue.procedures.flatMap(\.versions).compactMap(\.form)).sorted() {
            let file = folder.appending(path: "\(id).xml")
            forms[id] = part { try FormDefinition(contentsOf: file) }
        }
        return forms
    }

    /// Reads the template and draws it once: only the drawing shows whether markup and sizes are right.
    private mutating func readTemplate(_ file: URL) -> TicketTemplateFile? {
        guard let read = part({ try TicketTemplateFile.load(file) }) else { return nil }
        faults += read.layoutFaults
        return read
    }
}

extension TicketTemplateFile {
    /// What shows only when the template is drawn, by the lines of its elements.
    public var layoutFaults: [YAMLFault] {
        template.faults().map { found in
            guard let element = found.element else {
                return YAMLFault(
                    file: file.path, line: nil, keyPath: "elements", problem: found.problem, remedy: found.remedy)
            }
            return fault(element: element, problem: found.problem, remedy: found.remedy)
        }
    }
}
