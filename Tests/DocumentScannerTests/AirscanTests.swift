import DocumentScanner
import Foundation
import Peripherals
import Simulator
import Testing

@Suite("Through the real libsane: sane-airscan and the simulator's scanner")
struct AirscanTests {
    @Test("the applicant's two papers become two pages at their true size")
    func twoPapers() async throws {
        let bench = try ScannerBench()
        try await withScanner { _, address in
            let scanner = try bench.airscan(address, settings: ScanSettings(resolution: 200))
            #expect(await scanner.condition() == .ready)
            let (pages, error) = await collect(scanner.scan(into: bench.pages))
            #expect(error == nil)
            #expect(pages.count == 2)
            for page in pages {
                #expect(page.resolution == 200)
                #expect(abs(page.width - 1654) <= 4)
                #expect(abs(page.height - 2339) <= 4)
            }
            let keep = ProcessInfo.processInfo.environment["KIOSK_KEEP_SCANS"]
            if let keep { try Self.keep(pages.map(\.file), in: keep) }
        }
    }

    private static func keep(_ files: [URL], in folder: String) throws {
        for file in files {
            let target = URL(fileURLWithPath: folder).appendingPathComponent(file.lastPathComponent)
            try? FileManager.default.removeItem(at: target)
            try FileManager.default.copyItem(at: file, to: target)
        }
    }

    @Test("a jam is a jam; once cleared, the next scan works at once and nothing of it stays")
    func jam() async throws {
        let bench = try ScannerBench()
        try await withScanner(sheets: [.blank, .blank]) { server, address in
            let scanner = try bench.airscan(address, settings: ScanSettings(mode: .grey, resolution: 100))
            _ = try await server.apply(["jam"])
            #expect(await scanner.condition() == .jam)
            #expect(await collect(scanner.scan(into: bench.pages)).error == .device(.jam))
            #expect(await scanner.condition() == .jam)
            _ = try await server.apply(["clear"])
            #expect(await scanner.condition() == .ready)
            let (pages, error) = await collect(scanner.scan(into: bench.pages))
            #expect(error == nil)
            #expect(pages.count == 2)
            #expect(await scanner.condition() == .ready)
        }
    }

    @Test("an empty feeder is feeder-empty, never a jam, and no fault; loaded again it scans")
    func empty() async throws {
        let bench = try ScannerBench()
        try await withScanner(sheets: [.blank]) { server, address in
            let scanner = try bench.airscan(address, settings: ScanSettings(mode: .grey, resolution: 100))
            _ = try await server.apply(["empty"])
            #expect(await collect(scanner.scan(into: bench.pages)).error == .device(.feederEmpty))
            let condition = await scanner.condition()
            #expect(condition == .feederEmpty)
            #expect(condition.isReady)
            _ = try await server.apply(["load", "blank", "blank", "blank"])
            let (pages, error) = await collect(scanner.scan(into: bench.pages))
            #expect(error == nil)
            #expect(pages.count == 3)
        }
    }

    @Test("a scanner that falls silent is timed out by the watchdog, its process is gone, and it works again after")
    func silent() async throws {
        let bench = try ScannerBench()
        try await withScanner(sheets: [.blank]) { server, address in
            let limits = ScanLimits(opening: .seconds(1), page: .seconds(1), stopping: .milliseconds(500))
            let settings = ScanSettings(mode: .grey, resolution: 100)
            let impatient = try bench.airscan(address, limits: limits, settings: settings)
            _ = try await server.apply(["silent"])
            #expect(await collect(impatient.scan(into: bench.pages)).error == .timedOut)
            #expect(processes(of: bench.root) == [])
            #expect(await impatient.condition() == .unknown)
            #expect(processes(of: bench.root) == [])
            _ = try await server.apply(["clear"])
            let scanner = try bench.airscan(address, settings: settings)
            #expect(await collect(scanner.scan(into: bench.pages)).error == nil)
        }
    }

    @Test("a scan that nobody wants any more ends, and leaves the scanner free")
    func cancel() async throws {
        let bench = try ScannerBench()
        try await withScanner(sheets: [.blank, .blank, .blank]) { server, address in
            let scanner = try bench.airscan(address, settings: ScanSettings(mode: .grey, resolution: 100))
            _ = try await server.apply(["slow", "600000"])
            let stream = scanner.scan(into: bench.pages)
            let reader = Task { for try await _ in stream {} }
            while await server.pagesFetched == 0 { await Task.yield() }
            #expect(await scanner.condition() == .ready, "the running scan has the scanner")
            reader.cancel()
            _ = await reader.result
            _ = try await server.apply(["clear"])
            let (pages, error) = await collect(scanner.scan(into: bench.pages))
            #expect(error == nil)
            #expect(pages.count == 3)
            #expect(processes(of: bench.root) == [])
        }
    }

    @Test("a scanner that is switched off is absent; switched on, it is there again")
    func off() async throws {
        let bench = try ScannerBench()
        let scanner = try await withScanner(sheets: [.blank]) { _, address in
            let scanner = try bench.airscan(address, settings: ScanSettings(resolution: 100))
            #expect(await scanner.condition() == .ready)
            return scanner
        }
        #expect(await scanner.condition() == .absent)
        #expect(await collect(scanner.scan(into: bench.pages)).error == .device(.absent))
    }

    @Test("a busy scanner says so")
    func busy() async throws {
        let bench = try ScannerBench()
        try await withScanner(sheets: [.blank]) { server, address in
            let scanner = try bench.airscan(address)
            _ = try await server.apply(["busy"])
            #expect(await scanner.condition() == .busy)
            _ = try await server.apply(["clear"])
            #expect(await scanner.condition() == .ready)
        }
    }

    @Test(
        "a scanner that has no time says so before anything is ordered, and scans when it has",
        arguments: [("busy", ScannerCondition.busy), ("warming-up", .warmingUp)])
    func noTime(_ fault: String, _ condition: ScannerCondition) async throws {
        let bench = try ScannerBench()
        try await withScanner(sheets: [.blank]) { server, address in
            let scanner = try bench.airscan(address, settings: ScanSettings(resolution: 75))
            _ = try await server.apply([fault])
            let (none, outcome) = await collect(scanner.scan(into: bench.pages))
            #expect(outcome == .device(condition) && none.isEmpty)
            #expect(await server.ordersRefused == 0)
            _ = try await server.apply(["clear"])
            let (pages, error) = await collect(scanner.scan(into: bench.pages))
            #expect(error == nil && pages.count == 1)
        }
    }

    @Test("a lamp that is cold before the order and warm in time costs nothing but the time")
    func cold() async throws {
        let bench = try ScannerBench()
        try await withScanner(sheets: [.blank]) { server, address in
            let scanner = try bench.airscan(address, settings: ScanSettings(resolution: 75))
            _ = try await server.apply(["warming-up", "500"])
            let (pages, error) = await collect(scanner.scan(into: bench.pages))
            #expect(error == nil && pages.count == 1)
        }
    }

    @Test("a driverless scanner is also found by a search, and says its name")
    func search() async throws {
        let bench = try ScannerBench()
        try await withScanner(sheets: [.blank]) { _, address in
            let named = try bench.airscan(address)
            #expect(try await named.devices().map(\.name) == ["airscan:e0:Scanner"])
            let report = await named.report()
            #expect(report.product == "Kiosk Virtual Scanner")
            #expect(report.serial == "KVS-0001")
            #expect(report.port == "airscan:e0:Scanner")
            #expect(report.ready)

            let found = SANEScanner(
                bench.setup(ScannerSelection(model: "scan"), ScanSettings(mode: .grey, resolution: 100)))
            #expect(await found.condition() == .ready)
            #expect(await collect(found.scan(into: bench.pages)).pages.count == 1)
        }
    }

    @Test("what the scanner can do is said source by source")
    func summary() async throws {
        let bench = try ScannerBench()
        try await withScanner(sheets: [.blank]) { _, address in
            let scanner = try bench.airscan(address, settings: ScanSettings(mode: .grey, resolution: 75))
            _ = await collect(scanner.scan(into: bench.pages))
            let summary = try #require(await scanner.summary())
            #expect(summary.serial == "KVS-0001")
            #expect(summary.address == address)
            #expect(summary.abilities.sources.map(\.kind) == [.flatbed, .feeder, .duplex])
            #expect(summary.abilities.sources.map(\.height) == [305, 432, 432])
            #expect(summary.abilities.sources.allSatisfy { $0.resolutions.contains(300) && !$0.isRange })
            #expect(summary.abilities.modes == ["Color", "Gray"])
            #expect(summary.lastScan?.pages == 1 && summary.lastScan?.error == nil)
        }
    }

    @Test(
        "each source scans what it should: both sides, one side, one page",
        arguments: [(ScanSource.duplex, 4), (.feeder, 2), (.automatic, 2), (.flatbed, 1)])
    func sources(_ source: ScanSource, _ count: Int) async throws {
        let bench = try ScannerBench()
        try await withScanner { server, address in
            let scanner = try bench.airscan(address, settings: ScanSettings(mode: .grey, resolution: 75))
            _ = try await server.apply(["load", "page-1/page-2", "page-3/page-4"])
            let (pages, error) = await collect(
                scanner.scan(into: bench.pages, choices: ScanChoices(source: source, paper: .a5)))
            #expect(error == nil)
            #expect(pages.count == count)
            #expect(try Set(pages.map { try Data(contentsOf: $0.file) }).count == count, "no page comes twice")
        }
    }

    @Test(
        "each paper has its size; what is larger than the scanner is all of it",
        arguments: [
            (ScanPaper.a4, ScanSource.feeder, 210.0, 297.0), (.a5, .feeder, 148, 210), (.a6, .flatbed, 105, 148),
            (.letter, .feeder, 215.9, 279.4), (.legal, .feeder, 215.9, 355.6), (.legal, .flatbed, 215.9, 304.8),
            (.automatic, .feeder, 215.9, 431.8), (.automatic, .flatbed, 215.9, 304.8),
        ])
    func papers(_ paper: ScanPaper, _ source: ScanSource, _ width: Double, _ height: Double) async throws {
        let bench = try ScannerBench()
        try await withScanner(sheets: [.blank]) { _, address in
            let scanner = try bench.airscan(address, settings: ScanSettings(mode: .grey, resolution: 75))
            let (pages, error) = await collect(
                scanner.scan(into: bench.pages, choices: ScanChoices(source: source, paper: paper)))
            #expect(error == nil)
            let page = try #require(pages.first)
            #expect(abs(Double(page.width) / 75 * 25.4 - width) < 1, "\(page.width)")
            #expect(abs(Double(page.height) / 75 * 25.4 - height) < 1, "\(page.height)")
        }
    }

    @Test("a resolution that the scanner has not is replaced by the next finer one, or by its finest")
    func resolutions() async throws {
        let bench = try ScannerBench()
        try await withScanner(sheets: [.blank]) { _, address in
            let scanner = try bench.airscan(address, settings: ScanSettings(mode: .grey, paper: .a6))
            for (wanted, got) in [(80, 100), (100, 100), (250, 300), (1200, 600)] {
                let (pages, _) = await collect(
                    scanner.scan(into: bench.pages, choices: ScanChoices(resolution: wanted)))
                #expect(pages.map(\.resolution) == [got])
            }
        }
    }

    @Test("two scans at once run one after the other")
    func queue() async throws {
        let bench = try ScannerBench()
        try await withScanner(sheets: [.blank, .blank]) { _, address in
            let scanner = try bench.airscan(address, settings: ScanSettings(mode: .grey, resolution: 100))
            let pages = bench.pages
            async let first = collect(scanner.scan(into: pages))
            async let second = collect(scanner.scan(into: pages))
            let results = await [first, second]
            #expect(results.map(\.pages.count) == [2, 2])
            #expect(results.compactMap(\.error).isEmpty)
        }
    }

    @Test("a word that the scanner does not know is refused with those it knows")
    func unknownFault() async throws {
        let server = ESCLServer()
        await #expect(throws: FaultError.self) { try await server.apply(["explode"]) }
        await #expect(throws: FaultError.self) { try await server.apply(["load", "banknote"]) }
        await #expect(throws: FaultError.self) { try await server.apply(["jam", "--after", "never"]) }
    }
}
