import DocumentScanner
import Foundation
import Peripherals

/// Writes pages into a folder. A page appears under its name only when it is whole and on the disk.
struct PageStore {
    let directory: String
    private var number = 0

    init(directory: String) {
        self.directory = directory
    }

    /// - Returns: the file's name in the folder, `page-001.jpg` and on; names that exist are left alone.
    mutating func write(_ jpeg: [UInt8]) throws(ScanError) -> String {
        var name: String
        repeat {
            number += 1
            let digits = String(number)
            name = "page-" + String(repeating: "0", count: max(0, 3 - digits.count)) + digits + ".jpg"
        } while access(path(name), F_OK) == 0
        let partial = path(ScanRequest.partialName(of: name))
        do throws(ScanError) {
            try put(jpeg, partial)
            guard rename(partial, path(name)) == 0 else { throw Self.reason(errno) }
        } catch {
            unlink(partial)
            throw error
        }
        return name
    }

    private func put(_ jpeg: [UInt8], _ file: String) throws(ScanError) {
        let descriptor = open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Self.reason(errno) }
        defer { close(descriptor) }
        var done = 0
        while done < jpeg.count {
            let count = jpeg[done...].withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 {
                if errno == EINTR { continue }
                throw Self.reason(errno)
            }
            done += count
        }
        guard fsync(descriptor) == 0 else { throw Self.reason(errno) }
    }

    private func path(_ name: String) -> String { directory + "/" + name }

    static func reason(_ code: Int32) -> ScanError {
        code == ENOSPC || code == EDQUOT
            ? .diskFull : .failed("a page cannot be written: \(String(cString: strerror(code)))")
    }
}
