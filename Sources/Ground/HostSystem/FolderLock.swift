import Foundation

/// One program at a time in a data folder: a second one would take the first one's unfinished files for left-overs.
public enum FolderLock {
    /// Runs `body` while this program alone has the folder. The kernel frees the folder when the program ends, however
    /// it ends.
    /// - Throws: ``FolderInUse`` when another program has it, ``FileFault``, and what `body` throws.
    public static func holding<Value>(
        _ folder: URL, isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> Value
    ) async throws -> Value {
        let place = folder.appending(path: ".lock")
        let descriptor = open(place.path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw FileFault(errno, "open", place) }
        defer { close(descriptor) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            throw errno == EWOULDBLOCK ? FolderInUse(folder: folder) : FileFault(errno, "lock", place)
        }
        return try await body()
    }
}

/// Another program works in the folder.
public struct FolderInUse: Error, Sendable, Equatable, CustomStringConvertible {
    public let folder: URL

    public var description: String {
        "the data folder \(folder.path) is in use by another program: stop that one, or give this one another folder"
    }
}
