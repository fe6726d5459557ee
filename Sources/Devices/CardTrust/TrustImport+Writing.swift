import Foundation
import HostSystem

extension TrustImport {
    /// Writes what is new into the folder, which is made if it is missing. Everybody may read the files. Each is there whole
    /// or not at all, also after a power cut, and importing the same again changes nothing.
    public func write(to folder: URL) throws(FileFault) {
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch {
            throw FileFault(EACCES, "make", folder)
        }
        for item in new {
            try DurableFile.write(item.encoded, to: folder.appending(path: item.fileName), permissions: 0o644)
        }
    }
}
