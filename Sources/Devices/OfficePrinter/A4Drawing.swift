import CPangoCairo
import Foundation
import Peripherals

/// Draws a document on A4 pages, as a PDF with its letters embedded, for any script that the fonts have.
///
/// ```swift
/// let (data, pages) = try A4Drawing().draw(document)
/// ```
/// Takes some tens of milliseconds, most of them for the fonts: call it on a thread that may wait.
public struct A4Drawing: Sendable {
    public typealias PDF = (data: Data, pages: Int)

    /// More than that is a mistake, not a document of a kiosk.
    public static let pageLimit = 40
    static let blockLimit = 1000
    /// Graphemes of one text.
    static let textLimit = 8000

    public init() {}

    public func draw(_ document: A4Document) throws(A4DrawingError) -> PDF {
        guard document.blocks.count <= Self.blockLimit else { throw .tooLong }
        // Drawn twice: only then is the number of pages known that stands on each of them.
        let counted = try run(document, pages: nil)
        return try run(document, pages: counted.pages)
    }

    private func run(_ document: A4Document, pages: Int?) throws(A4DrawingError) -> PDF {
        let sink = Sink()
        let surface = cairo_pdf_surface_create_for_stream(
            { closure, bytes, count in
                guard let closure, let bytes else { return CAIRO_STATUS_WRITE_ERROR }
                Unmanaged<Sink>.fromOpaque(closure).takeUnretainedValue().data.append(bytes, count: Int(count))
                return CAIRO_STATUS_SUCCESS
            }, Unmanaged.passUnretained(sink).toOpaque(), A4Flow.width, A4Flow.height)
        guard let surface else { throw .cairo("no surface") }
        defer { cairo_surface_destroy(surface) }
        cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, String(document.title.prefix(200)))
        cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR, "kiosk")
        guard let context = cairo_create(surface) else { throw .cairo("no context") }
        defer { cairo_destroy(context) }
        let flow = try A4Flow(context, footer: document.footer, pageLabel: document.pageLabel, pages: pages)
        try flow.begin(document)
        for block in document.blocks { try flow.add(block) }
        flow.end()
        cairo_surface_finish(surface)
        let status = cairo_surface_status(surface)
        guard status == CAIRO_STATUS_SUCCESS, cairo_status(context) == CAIRO_STATUS_SUCCESS else {
            throw .cairo(String(cString: cairo_status_to_string(status)))
        }
        return (sink.data, flow.page)
    }

    private final class Sink {
        var data = Data()
    }
}

/// Why a document has no picture.
public enum A4DrawingError: Error, Sendable, Equatable {
    /// More than `A4Drawing.pageLimit` pages.
    case tooLong
    /// A QR code holds at most 2331 bytes.
    case qrTextTooLong
    /// The drawing library's reason.
    case cairo(String)
}
