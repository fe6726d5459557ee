import Foundation
import HostSystem
import Logging
import Peripherals
import Subprocess

/// Makes documents of record by the programs `kiosk-page` and `kiosk-text`: a new process for each job. A picture that crashes, hangs or
/// eats memory takes only its own process with it, and the daemon's memory does not grow with the pages.
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

    private let program: URL
    /// The `kiosk-text` beside it.
    private let textProgram: URL
    private let limits: Limits
    private let logger: Logger
    /// Somebody waits for these.
    private let front: WorkerGate
    /// Nobody waits for these.
    private let back: WorkerGate

    /// - Parameters:
    ///   - program: by default the `kiosk-page` beside the running program.
    ///   - cores: how many jobs that somebody waits for run at a time; of the others one fewer, at least one.
    public init(
        program: URL? = nil, limits: Limits = Limits(), cores: Int = ProcessInfo.processInfo.activeProcessorCount,
        logger: Logger = Logger(label: "pages")
    ) {
        self.program = program ?? ThisProgram.neighbour("kiosk-page")
        textProgram = self.program.deletingLastPathComponent().appendingPathComponent("kiosk-text")
        self.limits = limits
        self.logger = logger
        front = WorkerGate(cores)
        back = WorkerGate(cores - 1)
        ThisProgram.surviveBrokenPipes()
    }

    public func prepare(_ page: ScannedPage, to file: URL) async throws(PageError) -> PreparedPage {
        let answer = try await run(program, .prepare(page: page, file: file), within: limits.prepare, front)
        guard case .prepared(let width, let height, let resolution, let findings, let codes) = answer else {
            throw .failed("kiosk-page answers something else than was asked for")
        }
        return PreparedPage(
            page: ScannedPage(file: file, width: width, height: height, resolution: resolution), findings: findings,
            codes: codes)
    }

    public func recognise(_ page: ScannedPage, layer: URL) async throws(PageError) -> RecognisedText {
        let job = PageJob.recognise(page: page, layer: layer)
        let answer = try await run(textProgram, job, within: limits.recognise, back)
        guard case .recognised(let text, let confidence) = answer else {
            throw .failed("kiosk-text answers something else than was asked for")
        }
        return RecognisedText(layer: layer, text: text, confidence: confidence)
    }

    public func writePDF(
        _ pages: [DocumentPage], _ metadata: DocumentMetadata, to file: URL
    ) async throws(PageError) {
        let job = PageJob.write(pages: pages, metadata: metadata, file: file)
        guard case .written = try await run(program, job, within: limits.write, front) else {
            throw .failed("kiosk-page answers something else than was asked for")
        }
    }

    // MARK: One process

    private func run(
        _ program: URL, _ job: PageJob, within deadline: Duration, _ gate: WorkerGate
    ) async throws(PageError) -> PageAnswer {
        let line: String
        do { line = try job.line() + "\n" } catch { throw .failed("the job cannot be encoded") }
        await gate.enter()
        let outcome = await outcome(of: program, line, within: deadline)
        await gate.leave()
        if Task.isCancelled { throw .cancelled }
        let answer = try outcome.get()
        if let error = answer.error {
            logger.warning("a page was not made", metadata: ["code": "\(error.code)"])
            throw error
        }
        return answer
    }

    /// The process is gone when this returns.
    private func outcome(
        of program: URL, _ line: String, within deadline: Duration
    ) async -> Result<PageAnswer, PageError> {
        await withTaskGroup(of: Result<PageAnswer, PageError>.self) { group in
            group.addTask { await execute(program, line) }
            // The deadline: libraries hang on damaged pictures, and have none of their own.
            group.addTask {
                do { try await Task.sleep(for: deadline) } catch { return .failure(.cancelled) }
                return .failure(.timedOut)
            }
            let first = await group.next() ?? .failure(.cancelled)
            // Ends the process, if it still runs.
            group.cancelAll()
            return first
        }
    }

    private func execute(_ program: URL, _ line: String) async -> Result<PageAnswer, PageError> {
        var options = PlatformOptions()
        // A group of its own: what stops the daemon's group does not reach it before the daemon itself ends it.
        options.processGroupID = 0
        // Nothing to be tidied up in there: results are moved into place whole.
        options.teardownSequence = []
        do {
            let result = try await Subprocess.run(
                .path(.init(program.path)), arguments: ["--request"], platformOptions: options, input: .inputWriter,
                output: .sequence, error: .discarded
            ) { execution in
                // A process that dies at once cannot be written to; that it says nothing is what counts.
                _ = try? await execution.standardInputWriter.write(line)
                return await Self.answer(in: execution.standardOutput)
            }
            guard let answer = result.closureResult else {
                return .failure(.failed("\(program.lastPathComponent) ended without an answer"))
            }
            return .success(answer)
        } catch {
            if Task.isCancelled { return .failure(.cancelled) }
            return .failure(
                .failed("\(program.lastPathComponent) cannot be run: \(program.path) is missing or not executable"))
        }
    }

    /// - Returns: nil when none comes, or a line without end.
    private static func answer(in output: SubprocessOutputSequence) async -> PageAnswer? {
        do {
            for try await said in output.strings(bufferingPolicy: .maxLineLength(PageAnswer.lengthLimit)) {
                if let answer = PageAnswer(line: said) { return answer }
            }
        } catch {
            // What it says cannot be understood: that is no answer.
        }
        return nil
    }
}
