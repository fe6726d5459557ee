import Foundation
import HostSystem
import Peripherals

/// A file that a library writes to a path, and that is there as a whole or not at all.
struct DocumentFile {
    /// Bytes beside the pictures or the text: tables, metadata, font.
    private static let allowance = 128 << 10

    private let place: URL

    init(_ place: URL) { self.place = place }

    /// - Parameters:
    ///   - byteCount: about how long it becomes; tells whether a failure came from a full disk.
    ///   - fill: writes the content to a path beside the file.
    func write(about byteCount: Int, _ fill: (String) throws(PageError) -> Void) throws(PageError) {
        var file: DurableFile
        do throws(FileFault) { file = try DurableFile(place) } catch { throw Self.reason(error) }
        do throws(PageError) {
            try fill(file.unfinished.path)
        } catch {
            throw file.hasRoom(forBytes: byteCount + Self.allowance) ? error : .diskFull
        }
        do throws(FileFault) { try file.commit() } catch { throw Self.reason(error) }
    }

    private static func reason(_ fault: FileFault) -> PageError {
        fault.isDiskFull ? .diskFull : .failed("the document cannot be written: \(fault.reason)")
    }
}
