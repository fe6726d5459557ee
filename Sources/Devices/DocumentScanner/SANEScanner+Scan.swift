import Foundation
import HostSystem
import Peripherals
import Synchronization

extension SANEScanner {
    public nonisolated func scan(into directory: URL) -> AsyncThrowingStream<ScannedPage, any Error> {
        scan(into: directory, choices: ScanChoices())
    }

    public nonisolated func scan(
        into directory: URL, choices: ScanChoices
    ) -> AsyncThrowingStream<ScannedPage, any Error> {
        let (pages, continuation) = AsyncThrowingStream.makeStream(of: ScannedPage.self)
        let cancellation = ScanCancellation()
        continuation.onTermination = { reason in
            if case .cancelled = reason { cancellation.cancel() }
        }
        Task { await self.start(directory, choices, cancellation, continuation) }
        return pages
    }

    private func start(
        _ directory: URL, _ choices: ScanChoices, _ cancellation: ScanCancellation,
        _ pages: AsyncThrowingStream<ScannedPage, any Error>.Continuation
    ) async {
        let job = jobs.enqueue { await self.scan(into: directory, choices, cancellation, pages) }
        if let error = await job.value {
            pages.finish(throwing: error)
        } else {
            pages.finish()
        }
    }

    private func scan(
        into directory: URL, _ choices: ScanChoices, _ cancellation: ScanCancellation,
        _ pages: AsyncThrowingStream<ScannedPage, any Error>.Continuation
    ) async -> ScanError? {
        begin()
        let started = clock.now
        let count = Mutex(0)
        var outcome: ScanError?
        do throws(ScanError) {
            try await process.run(request(.scan, directory, choices), cancellation: cancellation) { action in
                switch action {
                case .page(let file, let width, let height, let resolution):
                    let page = ScannedPage(
                        file: directory.appendingPathComponent(file), width: width, height: height,
                        resolution: resolution)
                    count.withLock { $0 += 1 }
                    pages.yield(page)
                case .opened(let device):
                    await self.learn(device)
                    await self.note(.ready)
                case .condition(let condition): await self.note(condition)
                case .allow, .found, .abilities, .stop, .kill, .over: break
                }
            }
        } catch {
            outcome = error
            logger.warning("scan ended", metadata: ["code": "\(error.code)", "pages": "\(count.withLock { $0 })"])
        }
        Self.removePartials(in: directory)
        lastScan = ScannerSummary.LastScan(
            endedAt: Date().formatted(.iso8601), pages: count.withLock { $0 },
            milliseconds: Int((clock.now - started) / .milliseconds(1)), error: outcome?.code)
        end()
        return outcome
    }

    /// A process that was killed while it wrote leaves a part of a page, which is nobody's.
    private static func removePartials(in directory: URL) {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory.path)) ?? []
        for name in names where name.hasPrefix(".page-") && DurableFile.isUnfinished(name) {
            unlink(directory.appendingPathComponent(name).path)
        }
    }
}
