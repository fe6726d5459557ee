import CentralProtocol
import Dossiers
import Foundation
import Peripherals

/// A submitted dossier whose documents have no text layer yet, with all that it is made from: a folder of plain files in
/// memory (a tmpfs), which outlives the daemon but not the power.
///
/// `dossier.json` lists the files; pictures lie as `COMPONENT-001.jpg`, text layers beside them as `COMPONENT-001.text.pdf`.
struct PendingDossier: Codable, Equatable {
    /// What a file of the dossier is made from.
    struct Document: Equatable {
        var metadata: DocumentMetadata
        var pages: [DocumentPage]

        var isComplete: Bool { pages.allSatisfy { $0.layer != nil } }
    }

    struct File: Codable, Equatable {
        /// In the dossier, and in the folder.
        var name: String
        var mediaType: String
        /// nil for a file that is finished.
        var document: Kept?
    }

    /// A document whose pages lie in the folder.
    struct Kept: Codable, Equatable {
        var metadata: DocumentMetadata
        var pages: [Page]
    }

    struct Page: Codable, Equatable {
        /// File names in the folder. The layer may not exist yet.
        var picture: String
        var layer: String
        /// Pixels, and dots per inch.
        var width: Int
        var height: Int
        var resolution: Int
    }

    var id: UUID
    var provisionalCode: String
    var procedure: String
    var procedureVersion: String
    var agency: String
    var kiosk: String
    var createdAt: Date
    var files: [File]

    static let list = "dossier.json"
    /// A folder that was not finished when the power or the daemon went.
    static let unfinishedSuffix = ".part"
    /// Bytes of the longest list that is read.
    private static let listLimit = 1 << 20

    /// Makes the folder of a draft and takes in its files, by hard links where the disk has them. A folder that is there
    /// belongs to the same dossier, submitted before, and stays.
    /// - Parameter documents: what the files of these names are made from.
    static func keep(_ draft: DossierDraft, documents: [String: Document], in root: URL) throws {
        let place = root.appending(path: draft.id.uuidString)
        let part = root.appending(path: draft.id.uuidString + unfinishedSuffix)
        let manager = FileManager.default
        guard !manager.fileExists(atPath: place.path) else { return }
        if manager.fileExists(atPath: part.path) { try manager.removeItem(at: part) }
        try manager.createDirectory(at: part, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let pending = PendingDossier(
            id: draft.id, provisionalCode: draft.provisionalCode, procedure: draft.procedure,
            procedureVersion: draft.procedureVersion, agency: draft.agency, kiosk: draft.kiosk,
            createdAt: draft.createdAt,
            files: try draft.files.map { file in
                guard let document = documents[file.name] else {
                    switch file.content {
                    case .bytes(let bytes): try bytes.write(to: part.appending(path: file.name))
                    case .file(let url): try link(url, part.appending(path: file.name))
                    }
                    return File(name: file.name, mediaType: file.mediaType)
                }
                return File(
                    name: file.name, mediaType: file.mediaType,
                    document: Kept(metadata: document.metadata, pages: try take(document, into: part)))
            })
        try JSONEncoder().encode(pending).write(to: part.appending(path: list))
        try manager.moveItem(at: part, to: place)
    }

    private static func take(_ document: Document, into folder: URL) throws -> [Page] {
        try document.pages.enumerated().map { index, page in
            let name = document.metadata.component + "-" + String(1001 + index).dropFirst()
            let kept = Page(
                picture: name + ".jpg", layer: name + ".text.pdf", width: page.picture.width,
                height: page.picture.height, resolution: page.picture.resolution)
            try link(page.picture.file, folder.appending(path: kept.picture))
            if let layer = page.layer { try link(layer, folder.appending(path: kept.layer)) }
            return kept
        }
    }

    private static func link(_ file: URL, _ place: URL) throws {
        do {
            try FileManager.default.linkItem(at: file, to: place)
        } catch {
            // Another file system.
            try FileManager.default.copyItem(at: file, to: place)
        }
    }

    /// The dossier to be sealed anew, once the documents are written into `folder`.
    func draft(in folder: URL) -> DossierDraft {
        DossierDraft(
            id: id, provisionalCode: provisionalCode, procedure: procedure, procedureVersion: procedureVersion,
            agency: agency, kiosk: kiosk, createdAt: createdAt,
            files: files.map {
                .init(name: $0.name, mediaType: $0.mediaType, content: .file(folder.appending(path: $0.name)))
            })
    }
}

extension PendingDossier {
    /// - Parameter folder: the dossier's own.
    init(in folder: URL) throws {
        let list = folder.appending(path: Self.list)
        let size = try list.resourceValues(forKeys: [.fileSizeKey]).fileSize ?? 0
        guard size <= Self.listLimit else { throw CocoaError(.fileReadTooLarge) }
        self = try JSONDecoder().decode(PendingDossier.self, from: Data(contentsOf: list))
    }
}
