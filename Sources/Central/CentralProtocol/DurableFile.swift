import Foundation

/// A file that is either whole and on the disk, or not there at all: written beside its place, synced, renamed, and the
/// folder synced. Blocks; call it on a ``FileQueue``.
public struct DurableFile: ~Copyable {
    private let descriptor: Int32
    private let temporary: URL
    private let place: URL
    private var isOpen = true

    /// Names of unfinished files end so; whoever starts may delete them.
    public static let unfinishedSuffix = ".part"

    /// Begins a file that only this user can read.
    /// - Throws: ``FileFault``.
    public init(_ place: URL) throws {
        self.place = place
        temporary = place.deletingLastPathComponent()
            .appending(path: ".\(place.lastPathComponent).\(UUID().uuidString)\(Self.unfinishedSuffix)")
        descriptor = open(temporary.path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw FileFault(errno, "make", place) }
    }

    public func write(_ bytes: Data) throws {
        try bytes.withUnsafeBytes { buffer in
            var written = 0
            while written < buffer.count {
                let count = Glibc.write(descriptor, buffer.baseAddress.map { $0 + written }, buffer.count - written)
                if count < 0 {
                    if errno == EINTR { continue }
                    throw FileFault(errno, "write", place)
                }
                written += count
            }
        }
    }

    /// Puts the file in its place, replacing what is there.
    /// - Parameter other: another place in the same folder, for a name that is known only at the end.
    public mutating func commit(as other: URL? = nil) throws {
        let place = other ?? place
        guard fsync(descriptor) == 0 else { throw FileFault(errno, "sync", place) }
        close(descriptor)
        isOpen = false
        guard rename(temporary.path, place.path) == 0 else {
            let fault = FileFault(errno, "rename", place)
            unlink(temporary.path)
            throw fault
        }
        try Self.syncFolder(place.deletingLastPathComponent())
    }

    deinit {
        if isOpen {
            close(descriptor)
            unlink(temporary.path)
        }
    }

    /// Writes all of it at once.
    public static func write(_ bytes: Data, to place: URL) throws {
        var file = try DurableFile(place)
        try file.write(bytes)
        try file.commit()
    }

    /// Makes renames and deletions in a folder durable.
    public static func syncFolder(_ folder: URL) throws {
        let descriptor = open(folder.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileFault(errno, "open", folder) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw FileFault(errno, "sync", folder) }
    }

    /// Makes a folder that only this user can enter.
    public static func makeFolder(_ folder: URL) throws {
        do {
            try FileManager.default.createDirectory(
                at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw FileFault(EACCES, "make", folder)
        }
    }
}

/// What the disk refused.
public struct FileFault: Error, Sendable, Equatable, CustomStringConvertible {
    public let code: Int32
    public let action: String
    public let place: URL

    public init(_ code: Int32, _ action: String, _ place: URL) {
        self.code = code
        self.action = action
        self.place = place
    }

    public var isDiskFull: Bool { code == ENOSPC || code == EDQUOT || code == EFBIG }

    public var description: String {
        let reason = String(cString: strerror(code))
        let remedy = isDiskFull ? "Free space on this disk." : "Check the disk, its mount, and the folder's owner."
        return "can't \(action) \(place.path): \(reason). \(remedy)"
    }
}

/// Runs blocking file work one after another on a thread of its own, never on the cooperative pool.
public struct FileQueue: Sendable {
    private let queue: DispatchQueue

    public init(label: String) { queue = DispatchQueue(label: label, qos: .userInitiated) }

    public func run<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result { try work() }) }
        }
    }
}
