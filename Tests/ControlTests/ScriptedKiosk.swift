import Foundation
import Logging
import Peripherals
import Subprocess

@testable import Control

/// A kiosk that answers technicians from a script.
struct ScriptedKiosk: ControlService {
    var printer = PrinterCondition.ready
    var parked = false
    /// What every command answers instead.
    var fault: ControlFault?

    private var reports: [DeviceReport] {
        [
            DeviceReport(CardReaderCondition.ready, product: "Reader", usbID: "072f:223b", serial: "1", port: "1-1"),
            DeviceReport(printer, product: "Printer", usbID: "04b8:0202", port: "1-2"),
        ]
    }

    private func answer<Reply>(_ reply: Reply) throws -> Reply {
        if let fault { throw fault }
        return reply
    }

    func status() async throws -> StatusCommand.Reply {
        try answer(
            StatusCommand.Reply(
                version: "0", kiosk: "kiosk-1", hall: "Bộ phận Một cửa", uptimeSeconds: 90, screen: "welcome",
                ready: printer.isReady, devices: reports, waitingTickets: 2, outbox: 1, centre: "fine", commits: 3))
    }

    func devices() async throws -> DevicesCommand.Reply { try answer(DevicesCommand.Reply(devices: reports)) }

    func readCard(_ command: CardReadCommand) async throws -> CardReadCommand.Reply {
        let citizen = Citizen(
            number: "001090123456", fullName: "Nguyễn Văn A", dateOfBirth: .distantPast, sex: "Nam",
            nationality: "Việt Nam")
        var verdicts = CardVerdicts.notReached("not asked")
        verdicts.hashes = command.can != "111111" ? .passed(by: nil) : .failed("DG2 was altered")
        return try answer(
            CardReadCommand.Reply(
                CardReadResult(
                    citizen: citizen, access: .paceCAN, verdicts: verdicts,
                    steps: [.init(name: "PACE", duration: .milliseconds(12))], commands: 40, bytes: 4000)))
    }

    func traceCard(_ command: CardTraceCommand) async throws -> CardTraceCommand.Reply {
        try answer(
            CardTraceCommand.Reply(
                CardTraceReport(
                    text: command.unmasked ? "with names\n" : "masked\n", summary: "finished", isRead: true,
                    replays: true)))
    }

    func testTicket() async throws -> TicketTestCommand.Reply {
        try answer(TicketTestCommand.Reply(printer.isReady ? .printed : .refused(printer)))
    }

    func reprint(_ command: TicketReprintCommand) async throws -> TicketReprintCommand.Reply {
        try answer(
            TicketReprintCommand.Reply(
                number: command.number, state: "waiting", isMarked: true,
                paper: PaperReply(printer.isReady ? .printed : .failed(printer))))
    }

    private var roll: RollReply {
        RollReply(
            rollMetres: 80, printedMetres: 8.5, leftMetres: 71.5, leftTickets: 595, ticketMillimetres: 120,
            isNearEnd: false, changedAt: nil, seemsChangedAt: printer.isReady ? nil : "2026-11-24T07:05:00Z")
    }

    func printerStatus() async throws -> PrinterStatusCommand.Reply {
        try answer(
            PrinterStatusCommand.Reply(
                device: DeviceReport(printer, product: "Printer", usbID: "04b8:0202", port: "1-2"),
                summary: PrinterSummary(product: "Printer", proof: .fence, dots: 576, dotsPerInch: 203), roll: roll,
                unproved: printer.isReady ? [] : [.init(number: "A005", paper: "failed", condition: printer.code)]))
    }

    func tracePrinter(_ command: PrinterTraceCommand) async throws -> PrinterTraceCommand.Reply {
        try answer(
            PrinterTraceCommand.Reply(
                lines: [
                    .init(atMs: 1_795_500_000_123, exchange: .init(isFromPrinter: false, text: "DLE EOT 1", bytes: 3)),
                    .init(atMs: 1_795_500_000_125, exchange: .init(isFromPrinter: true, text: "ready", bytes: 1)),
                ], isCut: false, test: command.test ? PaperReply(.printed) : nil))
    }

    func resetPaper(_ command: PaperResetCommand) async throws -> PaperResetCommand.Reply {
        try answer(roll)
    }

    var scanner = ScannerCondition.ready
    /// What `scan --to` writes.
    var document = Data(repeating: 0x25, count: ScanFetchCommand.Reply.pieceLimit * 2 + 7)

    private var batch: ScannedBatch {
        ScannedBatch(
            pages: [.init(width: 1654, height: 2339, resolution: 200, bytes: 250_000, milliseconds: 2100)],
            milliseconds: 2300,
            fault: scanner.isReady
                ? nil
                : ControlFault(
                    code: scanner.code, message: "The scanner reports \(scanner.code).", remedy: scanner.remedy))
    }

    func scannerStatus() async throws -> ScannerStatusCommand.Reply {
        let source = ScannerAbilities.Source(
            name: "ADF", kind: .feeder, resolutions: [100, 200, 300], isRange: false, width: 216, height: 432)
        return try answer(
            ScannerStatusCommand.Reply(
                device: DeviceReport(scanner, product: "Scanner", serial: "S-1", port: "1-4"),
                summary: ScannerSummary(
                    product: "Scanner", name: "fujitsu:libusb:001:007", serial: "S-1", port: "1-4", address: nil,
                    abilities: ScannerAbilities(sources: [source], modes: ["Color", "Gray"]),
                    lastScan: .init(endedAt: "2026-11-24T07:05:00Z", pages: 3, milliseconds: 5200, error: "jam"))))
    }

    func testScan(_ command: ScanTestCommand) async throws -> ScanTestCommand.Reply { try answer(batch) }

    private static let documentID = UUID()

    func scanDocument(_ command: ScanDocumentCommand) async throws -> ScanDocumentCommand.Reply {
        try answer(ScanDocumentCommand.Reply(batch: batch, document: Self.documentID, bytes: document.count))
    }

    func fetchScan(_ command: ScanFetchCommand) async throws -> ScanFetchCommand.Reply {
        let end = min(document.count, command.offset + ScanFetchCommand.Reply.pieceLimit)
        return try answer(
            ScanFetchCommand.Reply(bytes: document[command.offset..<end], isLast: end == document.count))
    }

    func listQueue() async throws -> QueueListCommand.Reply {
        try answer(
            QueueListCommand.Reply(tickets: [
                .init(
                    number: "A001", queueClass: "ordinary", state: "waiting", procedure: nil,
                    issuedAt: "2026-11-24T01:00:00Z")
            ]))
    }

    func listOutbox() async throws -> OutboxListCommand.Reply {
        try answer(
            OutboxListCommand.Reply(
                centre: "fine",
                items: [
                    .init(
                        dossier: "TAM-1", state: parked ? "parked" : "pending", attempts: 1, bytes: 4096,
                        reason: parked ? "refused" : nil)
                ]))
    }

    func settle(_ command: QueueSettleCommand) async throws -> QueueSettleCommand.Reply {
        try answer(
            QueueSettleCommand.Reply(number: command.number, state: command.decision == .confirm ? "waiting" : "void"))
    }

    func retryOutbox(_ command: OutboxRetryCommand) async throws -> OutboxRetryCommand.Reply {
        try answer(OutboxRetryCommand.Reply(retried: [command.dossier ?? "TAM-1"]))
    }

    func doctor() async throws -> DoctorCommand.Reply {
        try answer(
            DoctorCommand.Reply(
                checks: reports.map {
                    DoctorCheck(name: $0.role.rawValue, ok: $0.ready, detail: $0.condition, remedy: $0.remedy)
                }))
    }
}

/// Serves a scripted kiosk on a socket of its own while `body` runs.
func withServer(
    _ kiosk: ScriptedKiosk = ScriptedKiosk(), policy: PeerPolicy = PeerPolicy(groupName: nil),
    _ body: @Sendable (String) async throws -> Void
) async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "c-\(UUID().uuidString.prefix(13))")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let path = folder.appending(path: "control.sock").path
    let server = ControlServer(
        socketPath: path, policy: policy, service: kiosk,
        logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    let (ready, isReady) = AsyncStream.makeStream(of: Void.self)
    let running = Task { try await server.run { isReady.finish() } }
    for await _ in ready {}
    let result: Result<Void, any Error>
    do { result = .success(try await body(path)) } catch { result = .failure(error) }
    running.cancel()
    // It ends because it was cancelled; how does not matter.
    _ = await running.result
    try FileManager.default.removeItem(at: folder)
    try result.get()
}

/// What `kioskctl` answered.
struct Kioskctl: Sendable {
    var status: Int
    var output: Data
    var errors: String
    var text: String { String(decoding: output, as: UTF8.self) }

    static func run(_ words: [String]) async throws -> Kioskctl {
        let result = try await Subprocess.run(
            .path(.init(program.path)), arguments: Arguments(words), output: .data(limit: 8 << 20),
            error: .string(limit: 1 << 20))
        let status: Int =
            switch result.terminationStatus {
            case .exited(let code): Int(code)
            case .signaled(let signal): 128 + Int(signal)
            }
        return Kioskctl(status: status, output: result.standardOutput, errors: result.standardError)
    }

    /// The program that was built together with this test bundle.
    private static var program: URL {
        var folder = Bundle.main.bundleURL
        for argument in CommandLine.arguments where argument.contains(".xctest") { folder = URL(filePath: argument) }
        while folder.path != "/",
            folder.pathExtension == "xctest"
                || !FileManager.default.fileExists(atPath: folder.appending(path: "kioskctl").path)
        {
            folder.deleteLastPathComponent()
        }
        return folder.appending(path: "kioskctl")
    }
}
