import Foundation
import HostSystem
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
        do throws(FileFault) {
            try DurableFile.write(jpeg, to: URL(filePath: path(name)))
        } catch {
            throw error.isDiskFull ? .diskFull : .failed("a page cannot be written: \(error.reason)")
        }
        return name
    }

    private func path(_ name: String) -> String { directory + "/" + name }
}
