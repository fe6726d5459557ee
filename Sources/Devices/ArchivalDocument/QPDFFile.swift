import CQPDF
import Foundation
import Peripherals

/// One PDF file in libqpdf's hands.
final class QPDFFile {
    private var data: qpdf_data?
    /// What the file was made from: libqpdf reads the streams in it when it writes.
    private var source: UnsafeMutableBufferPointer<CChar>?

    private init() throws(PageError) {
        guard let data = qpdf_init() else { throw .failed("libqpdf cannot start") }
        self.data = data
        qpdf_set_suppress_warnings(data, QPDF_TRUE)
        qpdf_silence_errors(data)
    }

    deinit {
        qpdf_cleanup(&data)
        source?.deallocate()
    }

    /// A new file of these objects.
    convenience init(_ objects: PDFObjects) throws(PageError) {
        try self.init()
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        guard let json = try? encoder.encode(objects) else { throw .failed("the document's objects cannot be encoded") }
        let source = UnsafeMutableBufferPointer<CChar>.allocate(capacity: json.count)
        self.source = source
        _ = json.copyBytes(to: source)
        try check(qpdf_create_from_json_data(data, source.baseAddress, UInt64(source.count)), "made")
    }

    /// A file that exists. A damaged one is refused, not repaired.
    convenience init(reading file: URL) throws(PageError) {
        try self.init()
        qpdf_set_attempt_recovery(data, QPDF_FALSE)
        try check(qpdf_read(data, file.path, nil), "read")
    }

    var pageCount: Int { Int(qpdf_get_num_pages(data)) }

    /// - Returns: the decoded content of a page.
    func content(ofPage index: Int) throws(PageError) -> Data {
        var bytes: UnsafeMutablePointer<UInt8>?
        var count = 0
        try check(qpdf_oh_get_page_content_data(data, qpdf_get_page_n(data, index), &bytes, &count), "read")
        guard let bytes else { return Data() }
        defer { free(bytes) }
        return Data(bytes: bytes, count: count)
    }

    /// - Returns: right and upper end of a page's box, whose origin is its lower left corner; points.
    func size(ofPage index: Int) -> (width: Double, height: Double) {
        let box = qpdf_oh_get_key(data, qpdf_get_page_n(data, index), "/MediaBox")
        guard qpdf_oh_is_array(data, box) != QPDF_FALSE, qpdf_oh_get_array_n_items(data, box) == 4 else {
            return (0, 0)
        }
        return (
            qpdf_oh_get_numeric_value(data, qpdf_oh_get_array_item(data, box, 2)),
            qpdf_oh_get_numeric_value(data, qpdf_oh_get_array_item(data, box, 3))
        )
    }

    func write(to file: String) throws(PageError) {
        try check(qpdf_init_write(data, file), "written")
        // From the content: not from the clock, the file's name and the machine's.
        qpdf_set_deterministic_ID(data, QPDF_TRUE)
        // ISO 19005-2, 6.1.7.1.
        qpdf_set_newline_before_endstream(data, QPDF_TRUE)
        // Plain objects and a plain table: the oldest reader understands them, and they can be found again in a file
        // that was damaged.
        qpdf_set_object_stream_mode(data, qpdf_o_disable)
        qpdf_set_compress_streams(data, QPDF_TRUE)
        qpdf_set_decode_level(data, qpdf_dl_none)
        try check(qpdf_write(data), "written")
    }

    private func check(_ status: QPDF_ERROR_CODE, _ what: String) throws(PageError) {
        guard status & QPDF_ERRORS != 0 else { return }
        let error = qpdf_get_error(data)
        let detail = qpdf_get_error_message_detail(data, error).map { String(cString: $0) } ?? "no reason given"
        throw .failed("the document cannot be \(what): \(detail)")
    }
}
