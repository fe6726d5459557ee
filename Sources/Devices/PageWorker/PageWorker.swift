import Foundation
import HostSystem
import Logging
import Peripherals

/// Makes documents of record by the programs `kiosk-page` and `kiosk-text`. A picture that crashes, hangs or eats memory takes only
/// a process of its own with it, and the daemon's memory does not grow with the pages. The pages of a batch go through one process
/// `kiosk-page`, a text has a process for itself.
public struct PageWorker: PageProcessing {
    /// From the start of the process to its answer.
    public struct Limits: Sendable, Equatable {
        public var prepare: Duration
        public var recognise: Duration
        public var write: Duration

        public init(
            prepare: Duration = .seconds(20), recognise: Duration = .seconds(90), write: Duration = .seconds(60)
        ) {
            self.prepare = prepare
            self.recognise = recognise
            self.write = write
        }
    }

    private let limits: Limits
    private let logger: Logger
    /// Somebody waits for these.
    private let front: WorkerPool
    /// Nobody waits for these.
    private let back: WorkerPool

    /// - Parameters:
    ///   - program: by default the `kiosk-page` beside the running program.
    ///   - cores: how many jobs that somebody waits for run at a time; of the others one fewer, at least one.
    public init(
        program: URL? = nil, limits: Limits = Limits(), cores: Int = ProcessInfo.processInfo.activeProcessorCount,
        logger: Logger = Logger(label: "pages")
    ) {
        let program = program ?? ThisProgram.neighbour("kiosk-page")
        let textProgram = program.deletingLastPathComponent().appendingPathComponent("kiosk-text")
        self.limits = limits
        self.logger = logger
        front = WorkerPool(program, jobLimit: WorkerLoop.jobLimit, places: cores)
        back = WorkerPool(textProgram, jobLimit: 1, places: cores - 1)
        ThisProgram.surviveBrokenPipes()
    }

    public func prepare(_ page: ScannedPage, to file: URL) async throws(PageError) -> PreparedPage {
        let answer = try await answer(to: .prepare(page: page, file: file), within: limits.prepare, front)
        guard case .prepared(let width, let height, let resolution, let findings, let codes) = answer else {
            throw .failed("kiosk-page answers something else than was asked for")
        }
        return PreparedPage(
            page: ScannedPage(file: file, width: width, height: height, resolution: resolution), findings: findings,
            codes: codes)
    }

    public func recognise(_ page: ScannedPage, layer: URL) async throws(PageError) -> RecognisedText {
        let answer = try await answer(to: .recognise(page: page, layer: layer), within: limits.recognise, back)
        guard case .recognised(let text, let confidence) = answer else {
            throw .failed("kiosk-text answers something else than was asked for")
        }
        return RecognisedText(layer: layer, text: text, confidence: confidence)
    }

    public func writePDF(
        _ pages: [DocumentPage], _ metadata: DocumentMetadata, to file: URL
    ) async throws(PageError) {
        let job = PageJob.write(pages: pages, metadata: metadata, file: file)
        guard case .written = try await answer(to: job, within: limits.write, front) else {
            throw .failed("kiosk-page answers something else than was asked for")
        }
    }

    /// Ends the processes that wait for a next page, where they would wait for two seconds. They are gone when this returns.
    public func endBatch() async {
        await front.endIdle()
    }

    private func answer(
        to job: PageJob, within deadline: Duration, _ pool: WorkerPool
    ) async throws(PageError) -> PageAnswer {
        do throws(PageError) { return try await pool.answer(to: job, within: deadline) } catch {
            if error != .cancelled { logger.warning("a page was not made", metadata: ["code": "\(error.code)"]) }
            throw error
        }
    }
}
