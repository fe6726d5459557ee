import Foundation

/// Where the scanned pages of the present visit lie, readable by the service only. Emptied when the visit ends, and at
/// start, because a power cut may have ended the visit before.
public struct VisitFolder: Sendable {
    public let url: URL

    /// Makes the folder, or empties the one that a power cut left behind.
    public init(_ url: URL) throws {
        self.url = url
        try Self.make(url)
        try wipe()
    }

    /// A folder for the pages of one component.
    public func folder(for component: String) throws -> URL {
        let folder = url.appending(path: component, directoryHint: .isDirectory)
        try Self.make(folder)
        return folder
    }

    /// What is made of a page beside its scan.
    enum Kind: String {
        case prepared = "jpg"
        /// The invisible text.
        case layer = "pdf"
    }

    /// - Parameter page: the page's id, which no other page bears.
    func file(_ kind: Kind, of page: String, in component: String) -> URL {
        url.appending(path: component, directoryHint: .isDirectory).appending(path: "\(page).\(kind.rawValue)")
    }

    /// Each item is taken out of reach first: whoever still writes into it cannot keep it from being removed.
    public func wipe() throws {
        var failure: (any Error)?
        for item in try FileManager.default.contentsOfDirectory(at: url, includingPropertiesForKeys: nil) {
            let gone = url.appending(path: ".\(UUID().uuidString)")
            do {
                try FileManager.default.moveItem(at: item, to: gone)
                try FileManager.default.removeItem(at: gone)
            } catch {
                failure = failure ?? error
            }
        }
        if let failure { throw failure }
    }

    public func remove(_ file: URL) throws {
        guard FileManager.default.fileExists(atPath: file.path) else { return }
        try FileManager.default.removeItem(at: file)
    }

    private static func make(_ url: URL) throws {
        try FileManager.default.createDirectory(
            at: url, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }
}
