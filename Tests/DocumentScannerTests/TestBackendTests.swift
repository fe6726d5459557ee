import DocumentScanner
import Foundation
import Peripherals
import TestSupport
import Testing

@Suite("Through the real libsane: back end test")
struct TestBackendTests {
    @Test("a picture of A4 from the glass")
    func glass() async throws {
        let bench = try ScannerBench()
        // The back end's own bed is 200 mm wide and long until it is told otherwise.
        let scanner = try bench.testScanner(
            ScanSettings(source: .flatbed, resolution: 150, options: ["test-picture": "Color pattern"]))
        let (pages, error) = await collect(scanner.scan(into: bench.pages))
        #expect(error == nil)
        #expect(pages.map(\.resolution) == [150])
        #expect(pages.map(\.width) == [1181])
        #expect(pages.first?.file.lastPathComponent == "page-001.jpg")
        #expect(await scanner.condition() == .ready)
    }

    @Test("a feeder of ten sheets: ten pages, and the end is no error")
    func feeder() async throws {
        let bench = try ScannerBench()
        let scanner = try bench.testScanner(ScanSettings(mode: .grey, resolution: 50))
        let (pages, error) = await collect(scanner.scan(into: bench.pages))
        #expect(error == nil)
        #expect(pages.count == 10)
        let names = try FileManager.default.contentsOfDirectory(atPath: bench.pages.path).sorted()
        #expect(names == pages.map(\.file.lastPathComponent), "no half-written file is left")
    }

    @Test(
        "each status at the first read of a page is its own error",
        arguments: [
            ("SANE_STATUS_JAMMED", ScanError.device(.jam)), ("SANE_STATUS_NO_DOCS", .device(.feederEmpty)),
            ("SANE_STATUS_COVER_OPEN", .device(.coverOpen)), ("SANE_STATUS_DEVICE_BUSY", .device(.busy)),
            ("SANE_STATUS_ACCESS_DENIED", .device(.accessDenied)), ("SANE_STATUS_IO_ERROR", .device(.fault)),
            ("SANE_STATUS_INVAL", .device(.fault)), ("SANE_STATUS_CANCELLED", .cancelled),
        ])
    func fault(_ status: String, _ expected: ScanError) async throws {
        let bench = try ScannerBench()
        let scanner = try bench.testScanner(
            ScanSettings(source: .flatbed, resolution: 50, options: ["read-return-value": status]))
        let (pages, error) = await collect(scanner.scan(into: bench.pages))
        #expect(pages.isEmpty)
        #expect(error == expected)
        #expect(await scanner.condition() == .ready, "nothing sticks")
    }

    @Test(
        "a status without a condition says what to do",
        arguments: ["SANE_STATUS_UNSUPPORTED", "SANE_STATUS_NO_MEM", "SANE_STATUS_EOF"])
    func failure(_ status: String) async throws {
        let bench = try ScannerBench()
        let scanner = try bench.testScanner(
            ScanSettings(source: .flatbed, resolution: 50, options: ["read-return-value": status]))
        let (pages, error) = await collect(scanner.scan(into: bench.pages))
        #expect(pages.isEmpty)
        #expect(error?.code == "failed")
    }

    @Test("a source that the scanner has not is an error that says what it has")
    func noSource() async throws {
        let bench = try ScannerBench()
        let scanner = try bench.testScanner(ScanSettings(source: .duplex, resolution: 50))
        #expect(
            await collect(scanner.scan(into: bench.pages)).error
                == .failed("the scanner has no source duplex; it has Flatbed, Automatic Document Feeder"))
    }

    @Test("a paper that is larger than the bed is scanned as far as the bed goes; a slow back end is waited for")
    func slowAndSmall() async throws {
        let bench = try ScannerBench()
        let scanner = try bench.testScanner(
            ScanSettings(
                source: .flatbed, mode: .grey, paper: .automatic, resolution: 50,
                options: [
                    "read-delay": "yes", "read-delay-duration": "5000", "read-limit": "yes", "read-limit-size": "9000",
                ]))
        let (pages, error) = await collect(scanner.scan(into: bench.pages))
        #expect(error == nil)
        #expect(pages.map(\.width) == [393] && pages.map(\.height) == [393])
    }

    @Test("an option that the back end does not know is an error that names it")
    func unknownOption() async throws {
        let bench = try ScannerBench()
        let scanner = try bench.testScanner(ScanSettings(resolution: 50, options: ["warp-drive": "on"]))
        #expect(
            await collect(scanner.scan(into: bench.pages)).error == .failed("the scanner refuses option warp-drive"))
    }

    @Test("a folder that cannot be written is an error, not a loss")
    func noFolder() async throws {
        let bench = try ScannerBench()
        let scanner = try bench.testScanner(ScanSettings(source: .flatbed, resolution: 50))
        let (pages, error) = await collect(scanner.scan(into: bench.root.appendingPathComponent("nowhere")))
        #expect(pages.isEmpty)
        #expect(error?.code == "failed")
    }

    @Test("a full disk is disk-full, and no half page is left", .enabled(if: TinyDisk.isPossible))
    func fullDisk() async throws {
        let bench = try ScannerBench()
        let disk = try TinyDisk(kilobytes: 64)
        try disk.fill()
        let scanner = try bench.testScanner(ScanSettings(source: .flatbed, resolution: 50))
        let (pages, error) = await collect(scanner.scan(into: disk.url))
        #expect(pages.isEmpty)
        #expect(error == .diskFull)
        #expect(try FileManager.default.contentsOfDirectory(atPath: disk.url.path) == ["filler"])
    }

    @Test("the list names the scanners; one that is not there is absent")
    func list() async throws {
        let bench = try ScannerBench()
        let scanner = try bench.testScanner(ScanSettings())
        #expect(try await scanner.devices().map(\.name) == ["test:0", "test:1"])
        #expect(await scanner.report().product != nil)

        let setup = ScannerSetup(
            program: ScannerBench.program, saneConfig: bench.root.appendingPathComponent("sane"),
            device: ScannerSelection(model: "no such model"))
        let missing = SANEScanner(setup)
        #expect(await missing.condition() == .absent)
        #expect(await collect(missing.scan(into: bench.pages)).error == .device(.absent))
    }

    @Test("without kiosk-scan the error names the missing program")
    func noProgram() async throws {
        let bench = try ScannerBench()
        let scanner = SANEScanner(ScannerSetup(program: bench.root.appendingPathComponent("kiosk-scan")))
        guard case .failed(let reason) = await collect(scanner.scan(into: bench.pages)).error else {
            Issue.record("a missing program must be an error")
            return
        }
        #expect(reason.contains("kiosk-scan cannot be run"))
        #expect(await scanner.condition() == .unknown)
    }
}
