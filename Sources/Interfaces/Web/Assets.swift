import Foundation
import Hummingbird

/// Why the pages' files can't be served.
public enum AssetsError: Error, Equatable, CustomStringConvertible {
    case noFolder(String)
    case unreadable(String)
    case unknownType(String)

    public var description: String {
        switch self {
        case .noFolder(let path): "The folder of the kiosk's pages is missing: \(path). Install the package again."
        case .unreadable(let path): "A file of the kiosk's pages can't be read: \(path). Check its rights."
        case .unknownType(let path): "A file of the kiosk's pages has no known type: \(path). Take it away."
        }
    }
}

/// The pages' files, read once into memory. A request can name only what was found then, so no path leads elsewhere.
struct Assets: Sendable {
    struct File: Sendable {
        var type: String
        var etag: String
        var bytes: ByteBuffer
    }

    /// By path below the folder, for example `blocks/field.js`.
    let files: [String: File]
    /// Changes with any file; a page that was loaded with another version loads itself again.
    let version: String

    init(directory: URL) throws(AssetsError) {
        var files: [String: File] = [:]
        for path in try Self.paths(in: directory) {
            guard let type = Self.types[(path as NSString).pathExtension] else { throw .unknownType(path) }
            guard let data = FileManager.default.contents(atPath: directory.appendingPathComponent(path).path) else {
                throw .unreadable(path)
            }
            files[path] = File(type: type, etag: "\"\(Self.digest([data]))\"", bytes: ByteBuffer(bytes: data))
        }
        self.files = files
        version = Self.digest(
            files.sorted { $0.key < $1.key }.map { Data($0.key.utf8) + Data($0.value.etag.utf8) })
    }

    private static func paths(in directory: URL) throws(AssetsError) -> [String] {
        guard let all = FileManager.default.enumerator(atPath: directory.path) else {
            throw .noFolder(directory.path)
        }
        var paths: [String] = []
        while let path = all.nextObject() as? String {
            var isFolder: ObjCBool = false
            let full = directory.appendingPathComponent(path).path
            guard FileManager.default.fileExists(atPath: full, isDirectory: &isFolder), !isFolder.boolValue else {
                continue
            }
            guard !path.split(separator: "/").contains(where: { $0.hasPrefix(".") }) else { continue }
            paths.append(path)
        }
        guard !paths.isEmpty else { throw .noFolder(directory.path) }
        return paths
    }

    private static let types = [
        "html": "text/html; charset=utf-8", "css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8",
        "svg": "image/svg+xml", "png": "image/png", "woff2": "font/woff2",
    ]

    /// FNV-1a, 64 bits: it notices a change; it need not withstand anybody.
    private static func digest(_ parts: [Data]) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for part in parts {
            for byte in part { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        }
        return String(hash, radix: 16)
    }
}
