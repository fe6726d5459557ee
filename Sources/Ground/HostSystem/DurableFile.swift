import Foundation

/// A file that is either whole and on the disk, or not there at all, also after a power cut: written beside its place,
/// synced, renamed, and the folder synced. One that is not committed leaves nothing. Blocks; in a daemon call it on a
/// ``FileQueue``.
///
/// ```swift
/// var file = try DurableFile(place)
/// try file.write(bytes)   // or let a library write to file.unfinished
/// try file.commit()
/// ```
public struct DurableFile: ~Copyable {
    private let descriptor: Int32
    private let place: URL
    private var isOpen = true

    /// Where the bytes are until the commit, for a library that writes to a path.
    public let unfinished: URL

    /// Names of unfinished files end so.
    private static let unfinishedSuffix = ".part"

    /// Whether a file, or a folder that is written in the same way, has such a name: whoever starts may delete it.
    public static func isUnfinished(_ name: String) -> Bool { name.hasPrefix(".") && name.hasSuffix(unfinishedSuffix) }

    /// A name beside `place` that nobody else uses, for what will be renamed to it.
    public static func unfinished(_ place: URL) -> URL {
        place.deletingLastPathComponent()
            .appending(path: ".\(place.lastPathComponent).\(UUID().uuidString)\(unfinishedSuffix)")
    }

    /// Begins a file.
    /// - Parameter permissions: by default only this user can read it.
    public init(_ place: URL, permissions: mode_t = 0o600) throws(FileFault) {
        self.place = place
        unfinished = Self.unfinished(place)
        descriptor = open(unfinished.path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, permissions)
        guard descriptor >= 0 else { throw FileFault(errno, "make", place) }
    }

    public func write(_ bytes: some ContiguousBytes) throws(FileFault) {
        let code = bytes.withUnsafeBytes { Self.write($0, to: descriptor) }
        if code != 0 { throw FileFault(code, "write", place) }
    }

    /// - Returns: an errno, or 0.
    private static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Int32 {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
            if count >= 0 { rest = rest.dropFirst(count) } else if errno != EINTR { return errno }
        }
        return 0
    }

    /// Whether the disk has this much room for the file. A library that failed says in words what the disk said with a
    /// number: so the disk is asked again.
    public func hasRoom(forBytes count: Int) -> Bool {
        !FileFault(posix_fallocate(descriptor, 0, off_t(count)), "write", place).isDiskFull
    }

    /// Puts the file in its place, replacing what is there.
    /// - Parameter other: another place in the same folder, for a name that is known only at the end.
    public mutating func commit(as other: URL? = nil) throws(FileFault) {
        let place = other ?? place
        guard fsync(descriptor) == 0 else { throw FileFault(errno, "sync", place) }
        guard rename(unfinished.path, place.path) == 0 else { throw FileFault(errno, "rename", place) }
        isOpen = false
        close(descriptor)
        try Self.syncFolder(place.deletingLastPathComponent())
    }

    deinit {
        if isOpen {
            close(descriptor)
            unlink(unfinished.path)
        }
    }

    /// Writes all of it at once.
    public static func write(
        _ bytes: some ContiguousBytes, to place: URL, permissions: mode_t = 0o600
    ) throws(FileFault) {
        var file = try DurableFile(place, permissions: permissions)
        try file.write(bytes)
        try file.commit()
    }

    /// Makes renames and deletions in a folder durable.
    public static func syncFolder(_ folder: URL) throws(FileFault) {
        let descriptor = open(folder.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileFault(errno, "open", folder) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw FileFault(errno, "sync", folder) }
    }

    /// Makes a folder that only this user can enter.
    public static func makeFolder(_ folder: URL) throws(FileFault) {
        do {
            try FileManager.default.createDirectory(
                at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw FileFault(EACCES, "make", folder)
        }
    }
}
