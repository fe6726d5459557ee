import ArgumentParser
import Control
import Foundation
import KioskConfiguration
import KioskMaterial
import Peripherals
import TicketPrinter

extension Ticket {
    struct Preview: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Draws a ticket without a printer.",
            discussion: """
                FILE is JSON with the ticket's texts: hall, number, className, procedure, issuedAt, notes, qr and \
                reprintMark; without it a ticket of nobody's is drawn. The result goes to --output, or to standard output.
                """)

        enum Format: String, ExpressibleByArgument, CaseIterable { case png, escpos }
        enum Width: String, ExpressibleByArgument, CaseIterable {
            case mm80 = "80"
            case mm58 = "58"
        }
        enum Language: String, ExpressibleByArgument, CaseIterable { case vi, en }

        @Argument(help: "The ticket's texts.", completion: .file(extensions: ["json"])) var file: String?
        @Option(help: "The template; without it the built-in one.", completion: .file(extensions: ["yaml"]))
        var template: String?
        @Option(help: "The roll's width in millimetres.") var width = Width.mm80
        @Option(help: "The language of the ticket that is drawn without FILE.") var language = Language.vi
        @Flag(help: "Draw the second copy, with its mark.") var reprint = false
        @Option(help: "png shows the paper, escpos is what the printer is sent.") var format = Format.png
        @Option(help: "Where to write.", completion: .file()) var output: String?

        func run() async throws {
            let paper: PaperWidth = width == .mm80 ? .mm80 : .mm58
            let template = try readTemplate()
            var content = try readContent()
            if reprint, content.reprintMark == nil {
                content.reprintMark = TicketContent.sample(language: language.rawValue, reprint: true).reprintMark
            }
            let bytes: [UInt8]
            do throws(TicketDrawingError) {
                bytes = try TicketPreview.bytes(
                    of: content, as: format == .png ? .png : .escpos, paper: paper, template: template,
                    capabilities: PrinterCapabilities(paper: paper))
            } catch {
                throw ControlFault(
                    code: "not-drawn", message: "The ticket can't be drawn: \(error).",
                    remedy: "Correct the ticket's texts or the template.")
            }
            try write(Data(bytes))
        }

        private func write(_ data: Data) throws {
            guard let output else { return FileHandle.standardOutput.write(data) }
            do {
                try data.write(to: URL(filePath: output))
            } catch {
                throw ControlFault(
                    code: "cannot-write", message: "\(output) cannot be written.",
                    remedy: "Check the path, and that you may write there.")
            }
        }

        private func readTemplate() throws -> TicketTemplate {
            guard let template else { return .standard }
            let file: TicketTemplateFile
            do throws(YAMLFault) {
                file = try TicketTemplateFile.load(URL(filePath: template))
            } catch {
                throw Self.fault(error)
            }
            if let fault = file.layoutFaults.first { throw Self.fault(fault) }
            return file.template
        }

        private static func fault(_ fault: YAMLFault) -> ControlFault {
            let fault = ConfigurationFault(fault)
            return ControlFault(
                code: "bad-template", message: "\(fault.place): \(fault.problem)", remedy: fault.remedy)
        }

        private func readContent() throws -> TicketContent {
            guard let file else { return .sample(language: language.rawValue, reprint: reprint) }
            guard let text = FileManager.default.contents(atPath: file) else {
                throw ControlFault(
                    code: "bad-file", message: "\(file) cannot be read.",
                    remedy: "Check the path; samples lie in kiosk-config/tickets/samples.")
            }
            do {
                return try JSONDecoder().decode(TicketContent.self, from: text)
            } catch {
                throw ControlFault(
                    code: "bad-file", message: "\(file) does not hold a ticket: \(Self.reason(error)).",
                    remedy: "See kioskctl ticket preview --help for the fields.")
            }
        }

        private static func reason(_ error: any Error) -> String {
            switch error as? DecodingError {
            case .keyNotFound(let key, _): "the field \(key.stringValue) is missing"
            case .typeMismatch(_, let context), .valueNotFound(_, let context):
                "the field \(context.codingPath.last?.stringValue ?? "") has another type"
            case .dataCorrupted: "it is not JSON"
            default: error.localizedDescription
            }
        }
    }
}
