import DeviceTestSupport
import Foundation
import Peripherals
import Simulator
import Testing
import USB

@testable import TicketPrinter

enum Samples {
    static let ticket = TicketContent(
        hall: "Trung tâm Phục vụ hành chính công phường Quy Nhơn", number: "U005", className: "Ưu tiên",
        procedure: "Đăng ký khai sinh", issuedAt: "08:41, thứ Tư 25/11/2026",
        notes: ["Trước bạn còn 3 người", "Quét mã để xem lượt của mình trên điện thoại"],
        qr: "https://motcua.example/q/52-0143/U005-7F3K9QX2")

    static func ticket(_ number: String, mark: String? = nil) -> TicketContent {
        var ticket = ticket
        ticket.number = number
        ticket.qr = "https://motcua.example/q/52-0143/" + number
        ticket.reprintMark = mark
        return ticket
    }

    static let printerInfo = USBDeviceInfo(
        address: "1-1", port: "1-1", vendor: 0x04B8, product: 0x0202, deviceClass: 0, serial: "SIMPRT0001",
        productName: "printer",
        interfaces: [
            USBInterface(
                number: 0, interfaceClass: 7, interfaceSubclass: 1, interfaceProtocol: 2,
                endpoints: [
                    USBEndpoint(address: 0x01, kind: .bulk, maximumPacketSize: 512),
                    USBEndpoint(address: 0x82, kind: .bulk, maximumPacketSize: 512),
                ])
        ])

    /// Deadlines that only a test about them reaches, on however busy a machine. A refused piece is asked about soon:
    /// asking once too often changes nothing.
    static let timings = ESCPOSPrinter.Timings(
        poll: .milliseconds(2), answer: .seconds(30), write: .milliseconds(100), listen: .milliseconds(20),
        learn: .seconds(30), forget: .milliseconds(300),
        job: PrintJob.Limits(blocked: .seconds(60), proof: .seconds(60)))

    static func temporaryFolder() throws -> URL {
        let folder = FileManager.default.temporaryDirectory.appending(path: "kiosk-printer-" + UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder
    }
}

/// A printer, its driver and the cable between them.
struct Bench: Sendable {
    let device: TicketPrinterDevice
    let cable: InMemoryUSBDevice
    let printer: ESCPOSPrinter

    /// - Parameter proof: what the driver is told; `.fence` spares a test the learning.
    init(
        _ model: PrinterModel = .standard, proof: PrinterCapabilities.Proof = .fence, directory: URL? = nil,
        timings: ESCPOSPrinter.Timings = Samples.timings
    ) {
        device = TicketPrinterDevice(directory: directory, model: model)
        cable = InMemoryUSBDevice(device, info: Samples.printerInfo)
        var capabilities = PrinterCapabilities.standard
        capabilities.proof = proof
        printer = ESCPOSPrinter(
            cable, capabilities: capabilities, timings: timings, past: PrinterMemory(firstFence: 0x1233))
    }

    /// Runs the watching loop while the body runs.
    func watching<Result: Sendable>(_ body: @Sendable () async throws -> Result) async rethrows -> Result {
        let watch = Task { await printer.run() }
        defer { watch.cancel() }
        return try await body()
    }

    /// Waits until the driver says so.
    func reaches(_ condition: PrinterCondition) async -> Bool {
        for await now in printer.conditions() where now == condition { return true }
        return false
    }
}

extension Bench {
    /// Waits until the driver says something else.
    func leaves(_ condition: PrinterCondition) async -> Bool {
        for await now in printer.conditions() where now != condition { return true }
        return false
    }
}

/// Programs that others wrote, to read the paper with.
enum Reader {
    struct Missing: Error, CustomStringConvertible {
        let description: String
    }

    /// The texts of the QR codes in a picture.
    static func qrTexts(_ picture: URL) async throws -> [String] {
        try await run("zbarimg", ["--quiet", "--nodbus", "--raw", picture.path], package: "zbar-tools")
            .split(separator: "\n").map(String.init)
    }

    /// What stands in a picture, by lines.
    static func text(_ picture: URL) async throws -> [String] {
        try await run(
            "tesseract", [picture.path, "stdout", "--dpi", "203", "--psm", "4", "-l", "vie"],
            package: "tesseract-ocr, tesseract-ocr-vie"
        ).precomposedStringWithCanonicalMapping.split(separator: "\n").map(String.init)
    }

    private static func run(_ program: String, _ arguments: [String], package: String) async throws -> String {
        let path = "/usr/bin/" + program
        guard FileManager.default.isExecutableFile(atPath: path) else {
            throw Missing(description: "\(program) is missing: install \(package)")
        }
        let process = Process()
        process.executableURL = URL(filePath: path)
        process.arguments = arguments
        process.environment = ["OMP_THREAD_LIMIT": "1", "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"]
        let output = Samples.outputFile()
        try Data().write(to: output)
        process.standardOutput = try FileHandle(forWritingTo: output)
        process.standardError = FileHandle.nullDevice
        try await withCheckedThrowingContinuation { (done: CheckedContinuation<Void, any Error>) in
            process.terminationHandler = { _ in done.resume() }
            do { try process.run() } catch { done.resume(throwing: error) }
        }
        defer { try? FileManager.default.removeItem(at: output) }
        return String(decoding: try Data(contentsOf: output), as: UTF8.self)
    }
}

extension Samples {
    static func outputFile() -> URL {
        FileManager.default.temporaryDirectory.appending(path: "kiosk-printer-" + UUID().uuidString + ".txt")
    }
}
