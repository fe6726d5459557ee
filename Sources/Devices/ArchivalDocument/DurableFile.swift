import Foundation
import Peripherals

/// A file that is there as a whole or not at all, also after a power cut.
struct DurableFile {
    /// Bytes beside the pictures or the text: tables, metadata, font.
    private static let allowance = 128 << 10

    private let file: URL

    init(_ file: URL) { self.file = file }

    /// - Parameters:
    ///   - byteCount: about how long it becomes; tells whether a failure came from a full disk.
    ///   - fill: writes the content to a path beside the file.
    func write(about byteCount: Int, _ fill: (String) throws(PageError) -> Void) throws(PageError) {
        let partial = file.deletingLastPathComponent()
            .appending(path: "." + file.lastPathComponent + ".partial").path
        let descriptor = open(partial, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw Self.reason(errno) }
        defer { close(descriptor) }
        do throws(PageError) {
            do throws(PageError) {
                try fill(partial)
            } catch {
                // The library says in words what the disk said with a number: ask the disk again.
                let code = posix_fallocate(descriptor, 0, off_t(byteCount + Self.allowance))
                throw code == ENOSPC || code == EDQUOT ? .diskFull : error
            }
            guard fsync(descriptor) == 0, rename(partial, file.path) == 0 else { throw Self.reason(errno) }
            try syncFolder()
        } catch {
            unlink(partial)
            throw error
        }
    }

    /// The new name is durable once the folder is.
    private func syncFolder() throws(PageError) {
        let folder = open(file.deletingLastPathComponent().path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw Self.reason(errno) }
        defer { close(folder) }
        guard fsync(folder) == 0 else { throw Self.reason(errno) }
    }

    private static func reason(_ code: Int32) -> PageError {
        code == ENOSPC || code == EDQUOT
            ? .diskFull : .failed("the document cannot be written: \(String(cString: strerror(code)))")
    }
}
