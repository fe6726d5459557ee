import ArgumentParser
import DocumentScanner
import Foundation
import Peripherals
import SANEScanning

/// Wires arguments or a request on the standard input to `ScanProgram`.
struct KioskScan: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kiosk-scan",
        abstract: "Scans through SANE into JPEG files, one JSON object a line for each event. Exit: 0 fine, 1 failed.",
        discussion: "SANE_CONFIG_DIR names the folder with SANE's configuration.")

    @Flag(help: "List the scanners that SANE finds.") var list = false
    @Flag(help: "Say the scanner's condition.") var status = false
    @Flag(help: "Say what the scanner can do.") var describe = false
    @Flag(help: "Read the request as one JSON line from standard input; its end cancels.") var request = false
    @Option(help: "The SANE device name.") var device: String?
    @Option(help: "A part of the maker's name.") var vendor: String?
    @Option(help: "A part of the model's name.") var model: String?
    @Option(help: "The serial number.") var serial: String?
    @Option(help: "Where it is plugged in, for example 1-1.4.") var port: String?
    @Option(help: "automatic, feeder, duplex or flatbed.") var source: ScanSource = .automatic
    @Option(help: "colour or grey.") var mode: ScanMode = .colour
    @Option(help: "auto, a4, a5, a6, letter or legal.") var paper: ScanPaper = .a4
    @Option(help: "Dots per inch.") var resolution = 300
    @Option(help: "Where pages are written.") var output: String?
    @Option(name: .customLong("option"), help: "NAME=VALUE of the back end; repeatable.") var options: [String] = []

    func run() throws {
        let leash = ScanLeash()
        leash.watchSignals()
        ScanSandbox.enter()
        let events = FileHandle(fileDescriptor: ScanSandbox.claimOutput(), closeOnDealloc: false)
        func emit(_ event: ScanEvent) { events.write(Data((event.line + "\n").utf8)) }
        let request: ScanRequest
        do {
            request = try self.request ? readRequest() : argumentRequest()
        } catch let error as ScanRequestError {
            emit(.failed(.failed(error.description)))
            throw ExitCode(2)
        }
        if self.request { leash.watchInput() }
        guard ScanProgram(request, leash: leash, emit: emit).run() else { throw ExitCode(1) }
    }

    private func readRequest() throws -> ScanRequest {
        guard let line = readLine() else { throw ScanRequestError.malformed }
        return try ScanRequest(line: line)
    }

    private func argumentRequest() throws -> ScanRequest {
        var settings = ScanSettings(source: source, mode: mode, paper: paper, resolution: resolution)
        for option in options {
            let parts = option.split(separator: "=", maxSplits: 1)
            guard parts.count == 2 else { throw ValidationError("--option takes NAME=VALUE") }
            settings.options[String(parts[0])] = String(parts[1])
        }
        let job: ScanRequest.Job = list ? .list : status ? .status : describe ? .describe : .scan
        let selection = ScannerSelection(
            name: device, vendor: vendor, model: model, serial: serial, port: port)
        let request = ScanRequest(job: job, device: selection, settings: settings, directory: output)
        return try ScanRequest(line: request.line())
    }
}

extension ScanSource: ExpressibleByArgument {}
extension ScanMode: ExpressibleByArgument {}
extension ScanPaper: ExpressibleByArgument {}

KioskScan.main()
