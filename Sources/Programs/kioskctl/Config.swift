import ArgumentParser
import Foundation
import KioskMaterial

struct Config: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "The kiosk's configuration files.", subcommands: [Check.self])

    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Reads the settings and every file that they name, and tells all mistakes.",
            discussion: """
                Settings, locales, procedures, forms, the ticket template with every element, the data about readers and \
                printers, the enrolment. Needs no running kioskd and changes nothing.
                """)

        @Argument(help: "The kiosk's settings.", completion: .file(extensions: ["yaml"]))
        var file = "/etc/kiosk/kiosk.yaml"
        @Flag(help: "Answer as one JSON object.") var json = false

        struct Reply: Encodable {
            var file: String
            var ok: Bool
            var summary: String?
            var faults: [ConfigurationFault]
        }

        func run() async throws {
            let (material, faults) = Material.check(URL(filePath: file))
            let reply = Reply(
                file: file, ok: faults.isEmpty, summary: faults.isEmpty ? material?.summary : nil, faults: faults)
            if json {
                try Output.json(reply)
            } else {
                show(reply)
            }
            if !faults.isEmpty { throw ExitCode(ExitStatus.fault) }
        }

        private func show(_ reply: Reply) {
            for fault in reply.faults {
                print("\(Output.mark(false)) \(fault.place.isEmpty ? file : fault.place): \(fault.problem)")
                Output.remedy(fault.remedy)
            }
            if let summary = reply.summary { print("\(Output.mark(true)) \(file): \(summary)") }
        }
    }
}
