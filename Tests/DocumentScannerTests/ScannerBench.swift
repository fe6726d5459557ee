import DocumentScanner
import Foundation
import Peripherals
import Simulator
import Subprocess
import Testing

/// A temporary folder with SANE's configuration, a folder for pages, and the built `kiosk-scan`.
struct ScannerBench: ~Copyable {
    let root: URL
    let pages: URL

    init() throws {
        root = FileManager.default.temporaryDirectory.appendingPathComponent("scan-" + UUID().uuidString)
        pages = root.appendingPathComponent("pages")
        try FileManager.default.createDirectory(at: pages, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: root) }

    /// A scanner of SANE's back end `test`.
    func testScanner(_ settings: ScanSettings) throws -> SANEScanner {
        try SANEConfiguration.write(to: root.appendingPathComponent("sane"), testBackend: true)
        return SANEScanner(setup(ScannerSelection(name: "test:0"), settings))
    }

    /// The simulator's scanner through sane-airscan.
    func airscan(_ address: String, limits: ScanLimits = ScanLimits(), settings: ScanSettings = ScanSettings()) throws
        -> SANEScanner
    {
        let setup = try ScannerSetup.driverless(
            escl: address, saneConfig: root.appendingPathComponent("sane"), program: Self.program, settings: settings,
            limits: limits, statusLifetime: .zero)
        return SANEScanner(setup)
    }

    func setup(_ device: ScannerSelection, _ settings: ScanSettings) -> ScannerSetup {
        ScannerSetup(
            program: Self.program, saneConfig: root.appendingPathComponent("sane"), device: device,
            settings: settings, statusLifetime: .zero)
    }

    /// The `kiosk-scan` that was built together with this test bundle.
    static var program: URL {
        var folder = Bundle.main.bundleURL
        for argument in CommandLine.arguments where argument.contains(".xctest") {
            folder = URL(fileURLWithPath: argument)
        }
        while folder.pathExtension == "xctest"
            || !FileManager.default.fileExists(
                atPath: folder.appendingPathComponent("kiosk-scan").path),
            folder.path != "/"
        {
            folder.deleteLastPathComponent()
        }
        return folder.appendingPathComponent("kiosk-scan")
    }
}

/// Everything that a scan delivers: its pages, and the error with which it ended.
func collect(_ stream: AsyncThrowingStream<ScannedPage, any Error>) async -> (pages: [ScannedPage], error: ScanError?) {
    var pages: [ScannedPage] = []
    do {
        for try await page in stream { pages.append(page) }
        return (pages, nil)
    } catch {
        return (pages, error as? ScanError ?? .failed("\(error)"))
    }
}

/// Runs `body` with a scanner of the simulator on a free port.
func withScanner<Value>(
    sheets: [PaperSheet] = PaperSheet.applicantPapers, refills: Bool = true,
    _ body: (ESCLServer, String) async throws -> Value
) async throws -> Value {
    let server = ESCLServer(sheets: sheets, refills: refills)
    let port = try await server.start()
    do {
        let value = try await body(server, "http://127.0.0.1:\(port)/eSCL")
        await server.stop()
        return value
    } catch {
        await server.stop()
        throw error
    }
}

/// The standard output of a program of the system.
func output(of program: String, _ arguments: [String]) async throws -> String {
    let result = try await Subprocess.run(
        .name(program), arguments: Arguments(arguments), output: .string(limit: 1 << 20))
    #expect(result.terminationStatus.isSuccess, "\(program) failed")
    return result.standardOutput
}

/// The process identifiers of all running programs of that name (any, when it is empty) whose SANE configuration is
/// `root`'s.
func processes(of root: URL, named program: String = "kiosk-scan") -> [Int] {
    let entries = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return entries.compactMap(Int.init).filter { process in
        let environment = FileManager.default.contents(atPath: "/proc/\(process)/environ") ?? Data()
        let name = FileManager.default.contents(atPath: "/proc/\(process)/comm") ?? Data()
        return String(decoding: name, as: UTF8.self).hasPrefix(program)
            && String(decoding: environment, as: UTF8.self).contains(root.path)
    }
}
