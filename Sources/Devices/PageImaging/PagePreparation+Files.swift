import Foundation
import Peripherals

extension PagePreparation {
    /// Bytes of the longest file that is read; a page of A3 at 600 dpi is below this.
    static let fileLimit = 64 << 20

    /// Reads a scanned page and writes the prepared one: aside first, for nobody else to read, then moved into its place.
    /// - Returns: `empty` is among the findings of a blank page.
    /// - Throws: `badPicture`, `diskFull`, `failed`.
    public func prepare(_ page: ScannedPage, to file: URL) throws(PageError) -> PreparedPage {
        let prepared = try prepare(try Self.bytes(of: page.file), resolution: page.resolution)
        try Self.write(prepared.jpeg, to: file)
        return PreparedPage(
            page: ScannedPage(
                file: file, width: prepared.width, height: prepared.height, resolution: prepared.resolution),
            findings: prepared.findings, codes: prepared.codes)
    }

    private static func bytes(of file: URL) throws(PageError) -> [UInt8] {
        let size = (try? file.resourceValues(forKeys: [.fileSizeKey]))?.fileSize ?? 0
        guard size > 0, size <= fileLimit, let data = try? Data(contentsOf: file) else {
            throw .badPicture("page \(file.lastPathComponent) is missing, empty or too large")
        }
        return [UInt8](data)
    }

    private static func write(_ bytes: [UInt8], to file: URL) throws(PageError) {
        let partial = file.deletingLastPathComponent().appending(path: "." + file.lastPathComponent + ".partial")
        do {
            try Data(bytes).write(to: partial)
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: partial.path)
            guard rename(partial.path, file.path) == 0 else { throw CocoaError(.fileWriteUnknown) }
        } catch {
            unlink(partial.path)
            throw (error as? CocoaError)?.code == .fileWriteOutOfSpace
                ? .diskFull : .failed("the prepared page cannot be written: \(error.localizedDescription)")
        }
    }
}
