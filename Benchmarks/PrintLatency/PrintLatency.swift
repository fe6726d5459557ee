import Foundation
import Logging
import Peripherals
import Simulator
import Store
import Synchronization
import TicketPrinter
import USB

/// Prints tickets with the real driver on the simulated printer over USB/IP on the loopback; each step of the job is
/// committed to SQLite with `synchronous=FULL` before it is taken. Prints, as JSON, the milliseconds of each ticket from
/// the call to the last byte handed to USB, and to the proof; `print_bench.py` makes the table.
@main
struct PrintLatency {
    struct Figures: Codable {
        var lastByte: [Double] = []
        var proof: [Double] = []
    }

    private static let warmUp = 20
    private static let tickets = 400
    private static let quiet = Logger(label: "print-latency", factory: { _ in SwiftLogNoOpLogHandler() })

    static func main() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "print-latency-\(UUID().uuidString)")
        let store = try Store(file: folder.appending(path: "kiosk.sqlite"), modules: [])
        let server = USBIPServer(port: 0, logger: quiet)
        try await server.plug(TicketPrinterDevice(logger: quiet), at: "1-1")
        let port = try await server.start()
        let bus = USBIPBus(host: "127.0.0.1", port: port, logger: quiet)
        guard let info = try await bus.devices().first(where: { ESCPOSPrinter.matches($0) }) else {
            throw USBError.notFound
        }
        let printer = ESCPOSPrinter(try await bus.open(info), logger: quiet)
        let watch = Task { await printer.run() }
        for await condition in printer.conditions() where condition.isReady { break }

        var figures = Figures()
        for number in 0..<(warmUp + tickets) {
            let (lastByte, proof) = try await ticket(number, printer, store)
            guard number >= warmUp else { continue }
            figures.lastByte.append(lastByte)
            figures.proof.append(proof)
        }
        watch.cancel()
        await watch.value
        await server.stop()
        try FileManager.default.removeItem(at: folder)
        print(String(decoding: try JSONEncoder().encode(figures), as: UTF8.self))
    }

    private static func ticket(
        _ number: Int, _ printer: ESCPOSPrinter, _ store: Store
    ) async throws -> (lastByte: Double, proof: Double) {
        let id = UUID()
        let clock = ContinuousClock()
        let sent = Mutex<ContinuousClock.Instant?>(nil)
        let content = TicketContent(
            hall: "Bộ phận Một cửa phường Quy Nhơn", number: "A\(100 + number % 900)", className: "Ưu tiên",
            procedure: "Đăng ký khai sinh", issuedAt: "08:41, thứ Tư 25/11/2026",
            notes: ["Trước bạn còn 3 người"], qr: "https://motcua.example/q/\(number)")
        let start = clock.now
        let outcome = await printer.print(content, job: id) { step in
            if step == .awaitingProof { sent.withLock { $0 = clock.now } }
            try await store.write { try $0.append(EventName("ticket.paper-step"), subject: id) }
        }
        let end = clock.now
        guard outcome == .printed, let sent = sent.withLock({ $0 }) else {
            throw FaultError("ticket \(number): \(outcome)")
        }
        return ((sent - start) / .milliseconds(1), (end - start) / .milliseconds(1))
    }
}
