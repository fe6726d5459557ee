import CPangoCairo
import CTurboJPEG
import Foundation
import Peripherals

/// Writes pages as one PDF, each at its true size, with the JPEG bytes of the scan as they are.
struct DocumentPDF: Sendable {
    /// What viewers show; names the paper, never a person.
    var title: String

    /// Written beside `file` first, then moved over it: a file of that name is always whole.
    func write(_ pages: [ScannedPage], to file: URL) async throws(ScanError) {
        let outcome: Result<Void, ScanError> = await withCheckedContinuation { continuation in
            // Cairo blocks on the disk: a thread of its own, not one of the cooperative pool.
            Thread.detachNewThread {
                continuation.resume(returning: Result { () throws(ScanError) in try self.writeNow(pages, to: file) })
            }
        }
        try outcome.get()
    }

    private func writeNow(_ pages: [ScannedPage], to file: URL) throws(ScanError) {
        guard !pages.isEmpty else { throw .failed("a document needs at least one page") }
        let partial = file.deletingLastPathComponent()
            .appendingPathComponent("." + file.lastPathComponent + ".partial")
        let sink = try PDFSink(path: partial.path)
        do throws(ScanError) {
            try draw(pages, into: sink)
            try sink.finish(movingTo: file.path)
        } catch {
            unlink(partial.path)
            // What the disk said is the reason; cairo only knows that writing failed.
            throw sink.error ?? error
        }
    }

    private func draw(_ pages: [ScannedPage], into sink: PDFSink) throws(ScanError) {
        let surface = cairo_pdf_surface_create_for_stream(
            { closure, bytes, count in
                guard let closure, let bytes else { return CAIRO_STATUS_WRITE_ERROR }
                let sink = Unmanaged<PDFSink>.fromOpaque(closure).takeUnretainedValue()
                return sink.append(UnsafeRawBufferPointer(start: bytes, count: Int(count)))
                    ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_WRITE_ERROR
            }, Unmanaged.passUnretained(sink).toOpaque(), 1, 1)
        defer { cairo_surface_destroy(surface) }
        cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, title)
        cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR, "kiosk")
        let context = cairo_create(surface)
        defer { cairo_destroy(context) }
        for page in pages { try draw(page, surface, context) }
        cairo_surface_finish(surface)
        let status = cairo_surface_status(surface)
        guard status == CAIRO_STATUS_SUCCESS else { throw Self.error(status) }
    }

    private func draw(_ page: ScannedPage, _ surface: OpaquePointer?, _ context: OpaquePointer?) throws(ScanError) {
        let jpeg = try PageFile.read(page.file)
        guard (1...ScanEvent.resolutionLimit).contains(page.resolution) else {
            throw .failed("a page says that it has \(page.resolution) dots per inch")
        }
        // 1 point = 1/72 inch.
        let scale = 72 / Double(page.resolution)
        cairo_pdf_surface_set_size(surface, Double(jpeg.width) * scale, Double(jpeg.height) * scale)
        // The pixels of this surface are never touched: the PDF takes the JPEG that is attached to it.
        let image = cairo_image_surface_create(CAIRO_FORMAT_RGB24, Int32(jpeg.width), Int32(jpeg.height))
        defer { cairo_surface_destroy(image) }
        let owner = Unmanaged.passRetained(jpeg)
        let status = cairo_surface_set_mime_data(
            image, CAIRO_MIME_TYPE_JPEG, jpeg.bytes.baseAddress, UInt(jpeg.bytes.count),
            { closure in
                guard let closure else { return }
                Unmanaged<PageFile>.fromOpaque(closure).release()
            }, owner.toOpaque())
        guard status == CAIRO_STATUS_SUCCESS else {
            owner.release()
            throw Self.error(status)
        }
        cairo_save(context)
        cairo_scale(context, scale, scale)
        cairo_set_source_surface(context, image, 0, 0)
        cairo_paint(context)
        cairo_restore(context)
        cairo_show_page(context)
        let drawn = cairo_status(context)
        guard drawn == CAIRO_STATUS_SUCCESS else { throw Self.error(drawn) }
    }

    private static func error(_ status: cairo_status_t) -> ScanError {
        .failed("cairo cannot write the document: \(String(cString: cairo_status_to_string(status)))")
    }
}

/// The bytes of one page, checked to be a JPEG before anything trusts its size.
private final class PageFile {
    /// A page of A3 at 600 dpi is below this.
    static let sizeLimit = 64 << 20

    let bytes: UnsafeMutableBufferPointer<UInt8>
    let width: Int
    let height: Int

    private init(_ data: Data, width: Int, height: Int) {
        bytes = .allocate(capacity: data.count)
        _ = bytes.initialize(from: data)
        self.width = width
        self.height = height
    }

    deinit { bytes.deallocate() }

    static func read(_ file: URL) throws(ScanError) -> PageFile {
        let size = (try? file.resourceValues(forKeys: [.fileSizeKey]))?.fileSize ?? 0
        guard size > 0, size <= sizeLimit, let data = try? Data(contentsOf: file) else {
            throw .failed("page \(file.lastPathComponent) is missing, empty or too large")
        }
        let decoder = tjInitDecompress()
        defer { tjDestroy(decoder) }
        var width: Int32 = 0
        var height: Int32 = 0
        var subsampling: Int32 = 0
        var space: Int32 = 0
        let status = data.withUnsafeBytes { bytes in
            tjDecompressHeader3(
                decoder, bytes.bindMemory(to: UInt8.self).baseAddress, UInt(bytes.count), &width, &height,
                &subsampling, &space)
        }
        guard status == 0, width > 0, height > 0, width <= ScanEvent.sideLimit, height <= ScanEvent.sideLimit else {
            throw .failed("page \(file.lastPathComponent) is no JPEG picture")
        }
        return PageFile(data, width: Int(width), height: Int(height))
    }
}

/// Where the PDF's bytes go; keeps the reason when the disk refuses them.
private final class PDFSink {
    private var descriptor: Int32
    private let path: String
    private(set) var error: ScanError?

    init(path: String) throws(ScanError) {
        self.path = path
        descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Self.reason(errno) }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    func append(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var done = 0
        while done < bytes.count {
            let count = write(descriptor, bytes.baseAddress?.advanced(by: done), bytes.count - done)
            if count < 0 {
                if errno == EINTR { continue }
                error = Self.reason(errno)
                return false
            }
            done += count
        }
        return true
    }

    func finish(movingTo file: String) throws(ScanError) {
        guard fsync(descriptor) == 0 else { throw Self.reason(errno) }
        let closed = close(descriptor)
        descriptor = -1
        guard closed == 0, rename(path, file) == 0 else { throw Self.reason(errno) }
    }

    private static func reason(_ code: Int32) -> ScanError {
        code == ENOSPC || code == EDQUOT
            ? .diskFull : .failed("the document cannot be written: \(String(cString: strerror(code)))")
    }
}
