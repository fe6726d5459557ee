import Foundation
import HostSystem
import Peripherals

extension PagePreparation {
    /// Bytes of the longest file that is read; a page of A3 at 600 dpi is below this.
    static let fileLimit = 64 << 20

    /// Reads a scanned page and writes the prepared one: aside first, for nobody else to read, then moved into its place.
    /// - Returns: `empty` is among the findings of a blank page.
    /// - Throws: `badPicture`, `diskFull`, `failed`.
    public func prepare(_ page: ScannedPage, to file: URL) throws(PageError) -> PreparedPage {
        let prepared = try prepare(try Self.bytes(of: page.file), resolution: page.resolution)
        do throws(FileFault) {
            try DurableFile.write(prepared.jpeg, to: file)
        } catch {
            throw error.isDiskFull ? .diskFull : .failed("the prepared page cannot be written: \(error.reason)")
        }
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
}
