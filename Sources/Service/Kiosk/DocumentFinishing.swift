import CentralProtocol
import Dossiers
import Foundation
import HostSystem
import Logging
import Peripherals

/// Gives the documents of submitted dossiers their text layer, after the applicant has left.
///
/// The dossier was sealed and recorded without it before, and is held back from sending. What it is made from lies in
/// `folder` until the completed one has taken its place; a restarted daemon goes on there. The folder must be a tmpfs: when
/// the power goes, plain papers go with it, and the recorded dossier is sent as it is.
public actor DocumentFinishing {
    private let folder: URL
    private let dossiers: Dossiers
    private let pages: any PageProcessing
    private let logger: Logger
    private nonisolated let files = FileQueue(label: "pending-dossiers")
    private nonisolated let work: AsyncStream<UUID>
    private nonisolated let more: AsyncStream<UUID>.Continuation

    /// - Parameter folder: made when missing; readable by the service only.
    public init(
        folder: URL, dossiers: Dossiers, pages: any PageProcessing, logger: Logger = Logger(label: "documents")
    ) throws {
        self.folder = folder
        self.dossiers = dossiers
        self.pages = pages
        self.logger = logger
        (work, more) = AsyncStream.makeStream(of: UUID.self)
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }

    /// At start, before the first visit: lets go what can't be completed any more, removes what belongs to no held
    /// dossier, and queues the rest.
    public func recover() async throws {
        let held = try await dossiers.held()
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        for name in names where !held.contains(where: { $0.uuidString == name }) {
            try FileManager.default.removeItem(at: folder.appending(path: name))
        }
        for id in held {
            if names.contains(id.uuidString) {
                more.yield(id)
            } else {
                logger.notice("a dossier is sent without a text layer", metadata: ["dossier": "\(id)"])
                try await dossiers.release(id)
            }
        }
    }

    /// Keeps what a dossier is made from, before it is recorded.
    /// - Parameter documents: of which pages the files of these names consist.
    nonisolated func keep(_ draft: DossierDraft, documents: [String: PendingDossier.Document]) async throws {
        try await files.run { [folder] in try PendingDossier.keep(draft, documents: documents, in: folder) }
    }

    /// The dossier was not recorded: what it is made from goes.
    nonisolated func forget(_ id: UUID) { remove(id) }

    /// The dossier is recorded, and held.
    nonisolated func begin(_ id: UUID) { more.yield(id) }

    /// Completes one dossier after the other until the task is cancelled.
    public func run() async {
        for await id in work { await finish(id) }
    }

    private func finish(_ id: UUID) async {
        let place = folder.appending(path: id.uuidString)
        do {
            // Submitted twice: it is done already.
            guard try await dossiers.held().contains(id) else { return remove(id) }
            let pending = try PendingDossier(in: place)
            for document in pending.files.compactMap(\.document) {
                for page in document.pages { await recognise(page, in: place) }
            }
            // Stopped in the middle: the next start goes on from here.
            guard !Task.isCancelled else { return }
            for file in pending.files {
                guard let document = file.document else { continue }
                try await pages.writePDF(
                    document.pages.map { Self.page($0, in: place) }, document.metadata,
                    to: place.appending(path: file.name))
            }
            guard !Task.isCancelled else { return }
            try await dossiers.complete(pending.draft(in: place))
            logger.info("text layers are in the dossier", metadata: ["dossier": "\(id)"])
        } catch {
            guard !Task.isCancelled else { return }
            logger.error(
                "a dossier is sent without a text layer", metadata: ["dossier": "\(id)", "error": "\(error)"])
            await release(id)
        }
        remove(id)
    }

    private func recognise(_ page: PendingDossier.Page, in place: URL) async {
        let found = Self.page(page, in: place)
        guard found.layer == nil, !Task.isCancelled else { return }
        do {
            _ = try await pages.recognise(found.picture, layer: place.appending(path: page.layer))
        } catch .cancelled {
            return
        } catch {
            logger.warning("the text of a page is not known", metadata: ["code": "\(error.code)"])
        }
    }

    private static func page(_ page: PendingDossier.Page, in place: URL) -> DocumentPage {
        let layer = place.appending(path: page.layer)
        return DocumentPage(
            picture: ScannedPage(
                file: place.appending(path: page.picture), width: page.width, height: page.height,
                resolution: page.resolution),
            layer: FileManager.default.fileExists(atPath: layer.path) ? layer : nil)
    }

    private func release(_ id: UUID) async {
        do {
            try await dossiers.release(id)
        } catch {
            // The next start lets it go.
            logger.error("a dossier is still held", metadata: ["dossier": "\(id)", "error": "\(error)"])
        }
    }

    private nonisolated func remove(_ id: UUID) {
        let place = folder.appending(path: id.uuidString)
        guard FileManager.default.fileExists(atPath: place.path) else { return }
        do {
            try FileManager.default.removeItem(at: place)
        } catch {
            logger.error("papers can't be removed", metadata: ["folder": "\(place.path)", "error": "\(error)"])
        }
    }
}
