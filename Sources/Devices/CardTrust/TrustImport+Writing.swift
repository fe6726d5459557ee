import Foundation

extension TrustImport {
    /// Why nothing more could be written.
    public struct WriteFailure: Error, Sendable, Equatable, CustomStringConvertible {
        public let description: String
    }

    /// Writes what is new into the folder, which is made if it is missing. Each file is there whole or not at all, also after
    /// a power cut, and importing the same again changes nothing.
    public func write(to folder: URL) throws(WriteFailure) {
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch {
            throw WriteFailure(description: "the folder \(folder.path) cannot be made: \(error.localizedDescription)")
        }
        for item in new { try Self.write(item.encoded, to: folder.appending(path: item.fileName)) }
        try Self.synchronize(folder)
    }

    private static func write(_ bytes: [UInt8], to place: URL) throws(WriteFailure) {
        let temporary = place.deletingLastPathComponent().appending(
            path: ".\(place.lastPathComponent).\(UUID().uuidString)")
        let descriptor = open(temporary.path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw failure("write", place) }
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        do {
            try handle.write(contentsOf: bytes)
            try handle.synchronize()
            try handle.close()
        } catch {
            unlink(temporary.path)
            throw failure("write", place)
        }
        guard rename(temporary.path, place.path) == 0 else {
            let failure = failure("rename to", place)
            unlink(temporary.path)
            throw failure
        }
    }

    /// The names in the folder, too.
    private static func synchronize(_ folder: URL) throws(WriteFailure) {
        let descriptor = open(folder.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("open", folder) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure("synchronize", folder) }
    }

    private static func failure(_ what: String, _ place: URL) -> WriteFailure {
        WriteFailure(description: "cannot \(what) \(place.path): \(String(cString: strerror(errno)))")
    }
}
