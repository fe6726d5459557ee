import ArgumentParser
import Dispatch
import Foundation
import Logging
import Simulator

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Runs the devices until it is told to stop.")

    @Option(help: "Port of the USB/IP server on 127.0.0.1; 0 for any.") var usbipPort = 3240
    @Option(help: "Port of the eSCL scanner on 127.0.0.1; 0 for any.") var esclPort = 8289
    @Option(help: "Where the printer leaves what it printed (below paper/).") var state = ".kiosk/sim"
    @Option(help: "The card reader: \(CCIDReaderModel.all.map(\.name).joined(separator: ", ")).")
    var readerModel = CCIDReaderModel.standard.name
    @Option(help: "The ticket printer: \(PrinterModel.all.map(\.key).joined(separator: ", ")).")
    var printerModel = PrinterModel.standard.key
    @Option(help: "The QR reader: hid-pos, zebra, honeywell, serial or keyboard.") var qrReader = QRReaderKind.hidPOS
    @Option(help: "Where to write the certificate of the authority whose cards these are, for a trust store.")
    var csca: String?
    @OptionGroup var control: ControlOption
    @Flag(help: "Logs every fault and import.") var verbose = false

    func run() async throws {
        var logger = Logger(label: "kiosk-sim") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = verbose ? .debug : .warning
        let (stops, stop) = AsyncStream.makeStream(of: Void.self)
        let signals = Self.watch(stop)
        guard let model = CCIDReaderModel.named(readerModel) else {
            throw ValidationError("--reader-model \(readerModel) is not known; see kiosk-sim serve --help.")
        }
        guard let printer = PrinterModel.named(printerModel) else {
            throw ValidationError("--printer-model \(printerModel) is not known; see kiosk-sim serve --help.")
        }
        let kiosk = try VirtualKiosk(
            ports: .init(usbip: usbipPort, escl: esclPort), state: URL(filePath: state), control: control.resolved,
            readerModel: model, printerModel: printer, qrReader: qrReader, logger: logger)
        if let csca { try Data(kiosk.rootCertificate).write(to: URL(filePath: csca), options: .atomic) }
        let ports = try await kiosk.start()
        // One line, at once, also into a pipe: scripts wait for it.
        let ready =
            "kiosk-sim is ready: usbip://127.0.0.1:\(ports.usbip), eSCL http://127.0.0.1:\(ports.escl)/eSCL, "
            + "control \(control.resolved)\n"
        FileHandle.standardOutput.write(Data(ready.utf8))
        for await _ in stops { break }
        for source in signals { source.cancel() }
        await kiosk.stop()
    }

    /// Makes SIGINT and SIGTERM, which end the program no more by themselves, a tick each.
    private static func watch(_ tick: AsyncStream<Void>.Continuation) -> [any DispatchSourceSignal] {
        [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number)
            source.setEventHandler { tick.yield() }
            source.resume()
            return source
        }
    }
}

extension QRReaderKind: ExpressibleByArgument {}
