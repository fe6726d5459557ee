import CUPSTestSupport
import Foundation
import Logging
import Peripherals
import Synchronization
import Testing

@testable import OfficePrinter

/// A real CUPS with a real IPP printer behind the queue `office`, and the kiosk's driver for it.
struct OfficePrinterHall {
    let rig: CUPSRig
    let device: IPPEverywherePrinter
    let driver: CUPSOfficePrinter

    var queue: CUPSQueue { CUPSQueue(server: CUPSServer(socket: rig.socket), name: "office") }

    static let timings = CUPSOfficePrinter.Timings(
        idle: .milliseconds(100), working: .milliseconds(100),
        look: .init(look: .milliseconds(300), lookAtWork: .milliseconds(300)),
        job: .init(repair: .seconds(60), resume: .seconds(1)))

    init() async throws {
        let (rig, device) = try await offPool {
            let rig = try CUPSRig()
            let device = try IPPEverywherePrinter()
            try rig.addQueue("office", for: device)
            return (rig, device)
        }
        self.rig = rig
        self.device = device
        driver = Self.driver(rig, queue: "office")
    }

    static func driver(_ rig: CUPSRig, queue: String) -> CUPSOfficePrinter {
        CUPSOfficePrinter(server: CUPSServer(socket: rig.socket), queue: queue, timings: timings, logger: .quiet)
    }

    /// With the driver's watch running.
    func watched<Result: Sendable>(_ body: @Sendable @escaping () async throws -> Result) async throws -> Result {
        try await Self.watching(driver, body)
    }

    static func watching<Result: Sendable>(
        _ driver: CUPSOfficePrinter, _ body: @Sendable @escaping () async throws -> Result
    ) async throws -> Result {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await driver.run() }
            defer { group.cancelAll() }
            return try await body()
        }
    }

    func papers() async throws -> [URL] {
        let device = device
        return try await offPool { try device.papers() }
    }
}

extension Logger {
    static var quiet: Logger { Logger(label: "test") { _ in SwiftLogNoOpLogHandler() } }
}

extension CUPSOfficePrinter {
    nonisolated func becomes(_ condition: OfficePrinterCondition) async {
        for await now in conditions() where now == condition { return }
    }
}

/// Writes down the steps of a job, and lets a test wait for one.
final class StepBook: Sendable {
    private let steps = Mutex<[DocumentStep]>([])
    private let news = Broadcast<DocumentStep>()

    var journal: DocumentJournal {
        { step in
            self.steps.withLock { $0.append(step) }
            self.news.send(step)
        }
    }

    var all: [DocumentStep] { steps.withLock { $0 } }

    func until(_ isIt: (DocumentStep) -> Bool) async {
        let news = news.listen()
        if all.contains(where: isIt) { return }
        for await step in news where isIt(step) { return }
    }

    func waiting(_ condition: OfficePrinterCondition) async { await until { $0 == .waiting(condition) } }

    func queued() async {
        await until { if case .queued = $0 { true } else { false } }
    }
}

enum Sample {
    static let code = "H21.23710-261125-0042"

    static let declaration = A4Document(
        issuer: ["ỦY BAN NHÂN DÂN XÃ IA MƠ", "Bộ phận Một cửa"], reference: ["Mã hồ sơ", code],
        title: "TỜ KHAI ĐĂNG KÝ KHAI SINH", subtitle: "Thủ tục 1.001193",
        blocks: [
            .heading("Người yêu cầu"), .field(label: "Họ, chữ đệm, tên", value: "NGUYỄN THỊ THU THẢO"),
            .field(label: "Nơi cư trú", value: "Làng Krông, xã Ia Mơ, huyện Chư Prông, tỉnh Gia Lai"),
            .heading("Người được khai sinh"), .field(label: "Họ, chữ đệm, tên", value: "RƠ CHÂM H'BLUÊ"),
            .field(label: "Quê quán", value: "Plơi Ƀut, tơring Čư Prông"), .qr(code, caption: code),
            .signatures([.init(above: "Ngày 25 tháng 11 năm 2026", title: "Người yêu cầu", hint: "(Ký, ghi rõ họ tên)")]
            ),
        ], footer: "Mã hồ sơ \(code)", pageLabel: "Trang {page}/{pages}")

    static let ticket = TicketContent(
        hall: "Bộ phận Một cửa", number: "A005", className: "", procedure: "Khai sinh", issuedAt: "10:00", qr: "A005")

    /// What `pdftotext` reads from a PDF.
    static func text(of pdf: URL) async throws -> String {
        try await output(of: "pdftotext", ["-layout", pdf.path, "-"])
    }

    static func output(of program: String, _ arguments: [String]) async throws -> String {
        try await offPool {
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            process.arguments = [program] + arguments
            let pipe = Pipe()
            process.standardOutput = pipe
            process.standardInput = FileHandle.nullDevice
            try process.run()
            let text = String(decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
            process.waitUntilExit()
            return text
        }
    }
}
