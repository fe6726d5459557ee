import Foundation
import Glibc

/// A real disk of a few hundred kilobytes (tmpfs), for what happens when it is full. Needs the right to mount.
public final class TinyDisk: Sendable {
    public static let isPossible: Bool = (try? TinyDisk(kilobytes: 64)) != nil

    public let url: URL

    public init(kilobytes: Int) throws {
        url = FileManager.default.temporaryDirectory.appending(path: "tiny-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        guard mount("tmpfs", url.path, "tmpfs", 0, "size=\(kilobytes)k,mode=0700") == 0 else {
            try FileManager.default.removeItem(at: url)
            throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EPERM)
        }
    }

    /// Takes all the room there is.
    public func fill() throws {
        let descriptor = open(url.appending(path: "filler").path, O_WRONLY | O_CREAT, 0o600)
        defer { close(descriptor) }
        let zeros = [UInt8](repeating: 0, count: 4096)
        while write(descriptor, zeros, zeros.count) > 0 {}
    }

    public func empty() throws { try FileManager.default.removeItem(at: url.appending(path: "filler")) }

    deinit {
        umount2(url.path, Int32(MNT_DETACH))
        rmdir(url.path)
    }
}
