import DocumentScanner
import Foundation
import Peripherals
import Simulator
import Testing

/// Ten pages through the real libsane and sane-airscan; each fault after each number of pages; then, once it is
/// cleared, ten good pages.
@Suite("Every fault at every page of a batch", .timeLimit(.minutes(10)))
struct BatchFaultTests {
    static let batch = 10

    /// What each fault is for the kiosk. Those that a page's picture has do not stop the mechanism.
    static let errors: [(fault: ScannerTrouble, error: ScanError?)] = [
        (.jam, .device(.jam)), (.coverOpen, .device(.coverOpen)), (.doubleFeed, .device(.doubleFeed)),
        (.lost, .device(.lost)), (.garbage, .device(.fault)), (.silent, .timedOut), (.slow, .timedOut),
        (.endless, .timedOut), (.truncated, Self.cut),
        // sane-airscan lays the picture on a page of the ordered size: nothing is lost but its scale.
        (.wrongSize, nil),
    ]

    private static let cut = ScanError.failed(
        "the picture of a page ends in its middle: the scanner or the network lost the rest")

    /// Small pages, and no more patience than a busy machine needs.
    private static let settings = ScanSettings(mode: .grey, paper: .a6, resolution: 75)
    private static let limits = ScanLimits(
        opening: .seconds(20), page: .seconds(2), stopping: .milliseconds(300))

    @Test("the pages before it are kept, the error is its own, the next batch is clean", arguments: errors)
    func fault(_ fault: ScannerTrouble, _ error: ScanError?) async throws {
        await Gate.processes.enter()
        defer { Gate.processes.leave() }
        let bench = try ScannerBench()
        try await Self.withTenPages { server, address in
            let isSilent = error == .timedOut
            let patient = try bench.airscan(address, settings: Self.settings)
            let scanner =
                isSilent ? try bench.airscan(address, limits: Self.limits, settings: Self.settings) : patient
            // Drawn once, so that a deadline measures the scanner and not the drawing.
            #expect(await collect(patient.scan(into: bench.pages)).pages.count == Self.batch)
            for page in 0..<Self.batch {
                try await server.fail(fault, after: page)
                let (pages, outcome) = await collect(scanner.scan(into: bench.pages))
                #expect(outcome == error, "\(fault) after \(page)")
                #expect(pages.count == (error == nil ? Self.batch : page), "\(fault) after \(page)")
                try await Self.isClean(patient, server, bench, after: "\(fault) after \(page)")
            }
        }
    }

    @Test(
        "a scanner that has no time for the next page says so, after the half minute that sane-airscan waits for it",
        arguments: [(ScannerTrouble.busy, ScannerCondition.busy), (.warmingUp, .warmingUp)], 0..<batch)
    func waiting(_ fault: (trouble: ScannerTrouble, condition: ScannerCondition), page: Int) async throws {
        let bench = try ScannerBench()
        try await Self.withTenPages { server, address in
            let scanner = try bench.airscan(
                address, limits: ScanLimits(page: .seconds(180)), settings: Self.settings)
            try await server.fail(fault.trouble, after: page)
            let (pages, outcome) = await collect(scanner.scan(into: bench.pages))
            #expect(outcome == .device(fault.condition))
            #expect(pages.count == page)
            #expect(await scanner.condition() == fault.condition)
            try await Self.isClean(scanner, server, bench, after: "\(fault) after \(page)")
        }
    }

    @Test("a lamp that is warm in time costs nothing but the time", arguments: [0, 4])
    func warmUp(page: Int) async throws {
        let bench = try ScannerBench()
        try await Self.withTenPages { server, address in
            let scanner = try bench.airscan(address, settings: Self.settings)
            _ = try await server.apply(["warming-up", "500", "--after", String(page)])
            let (pages, outcome) = await collect(scanner.scan(into: bench.pages))
            #expect(outcome == nil)
            #expect(pages.count == Self.batch)
        }
    }

    /// Nothing of a fault stays: neither a condition, nor a process, nor a part of a page, and the next batch is whole.
    private static func isClean(
        _ scanner: SANEScanner, _ server: ESCLServer, _ bench: borrowing ScannerBench, after what: String
    ) async throws {
        #expect(processes(of: bench.root) == [], "\(what)")
        let names = try FileManager.default.contentsOfDirectory(atPath: bench.pages.path)
        #expect(names.allSatisfy { !$0.hasPrefix(".") }, "\(what)")
        _ = try await server.apply(["clear"])
        let condition = await scanner.condition()
        #expect(condition == .ready, "\(what)")
        let (pages, error) = await collect(scanner.scan(into: bench.pages))
        #expect(error == nil, "\(what)")
        #expect(pages.count == batch, "\(what)")
        for name in names { try FileManager.default.removeItem(at: bench.pages.appendingPathComponent(name)) }
        for page in pages { try FileManager.default.removeItem(at: page.file) }
    }

    private static func withTenPages(_ body: (ESCLServer, String) async throws -> Void) async throws {
        try await withScanner(sheets: (1...batch).map { .text(TextSheet(number: $0)) }, body)
    }
}

extension ESCLServer {
    fileprivate func fail(_ trouble: ScannerTrouble, after pages: Int) async throws {
        let time = trouble == .slow ? ["600000"] : []
        _ = try await apply([trouble.rawValue] + time + ["--after", String(pages)])
    }
}
