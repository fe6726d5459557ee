import Foundation
import Journey
import Logging
import Peripherals

/// What is done to the pages of one visit while the applicant goes on: each is prepared, and then its text is read.
///
/// It ends with the visit. What is cancelled tells nothing any more, and leaves no file behind.
final class PageWork: Sendable {
    private let processing: any PageProcessing
    private let folder: VisitFolder
    private let logger: Logger
    private let tell: @Sendable (JourneyEvent) async -> Void
    /// Somebody waits for the picture: two, so that one page that takes long holds up no other.
    private let preparing = JobLane(limit: 2, priority: .userInitiated)
    /// Nobody waits for the text, and reading one page keeps a processor busy.
    private let reading = JobLane(limit: 1, priority: .background)

    /// - Parameter tell: gets each page's news.
    init(
        _ processing: any PageProcessing, folder: VisitFolder, logger: Logger,
        tell: @escaping @Sendable (JourneyEvent) async -> Void
    ) {
        self.processing = processing
        self.folder = folder
        self.logger = logger
        self.tell = tell
    }

    func prepare(_ page: VisitPage, of component: String) {
        run(page, .prepared, of: component, in: preparing, otherwise: .pageNotPrepared(id: page.id)) { file in
            .pagePrepared(id: page.id, try await self.processing.prepare(page.scan, to: file))
        }
    }

    func recognise(_ page: VisitPage, of component: String) {
        run(page, .layer, of: component, in: reading, otherwise: nil) { file in
            .pageRecognised(id: page.id, try await self.processing.recognise(page.picture, layer: file))
        }
    }

    /// The page was removed.
    func forget(_ page: VisitPage) {
        preparing.cancel(page.id)
        reading.cancel(page.id)
    }

    func end() {
        preparing.cancelAll()
        reading.cancelAll()
    }

    private func run(
        _ page: VisitPage, _ kind: VisitFolder.Kind, of component: String, in lane: JobLane,
        otherwise failure: JourneyEvent?, _ job: @escaping @Sendable (URL) async throws -> JourneyEvent
    ) {
        lane.add(page.id) { [folder, logger, tell] in
            guard !Task.isCancelled else { return }
            let file = folder.file(kind, of: page.id, in: component)
            do {
                let news = try await job(file)
                if !Task.isCancelled { await tell(news) }
            } catch {
                if !Task.isCancelled {
                    let code = (error as? PageError)?.code ?? "failed"
                    logger.warning("a page was not \(kind.done)", metadata: ["error": "\(code)"])
                    if let failure { await tell(failure) }
                }
                self.remove(file)
            }
            // Also when it was cancelled while it was told: nobody knows of the file any more.
            if Task.isCancelled { self.remove(file) }
        }
    }

    private func remove(_ file: URL) {
        do {
            try folder.remove(file)
        } catch {
            logger.error("a page's file could not be removed", metadata: ["error": "\(error)"])
        }
    }
}

extension VisitFolder.Kind {
    /// For the log.
    fileprivate var done: String {
        switch self {
        case .prepared: "prepared"
        case .layer: "read"
        }
    }
}
