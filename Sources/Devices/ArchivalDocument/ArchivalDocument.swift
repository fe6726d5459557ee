import Foundation
import Peripherals

/// Writes documents of record: PDF/A-2b (ISO 19005-2), a page a scan, each at its true size with the bytes of its JPEG as
/// they are, and over it, where there is one, its invisible text.
///
/// ```swift
/// try ArchivalDocument().write(pages, metadata, to: file)
/// ```
/// Blocks on the disk. Pictures are read one after the other while the file is written, so that memory does not grow with
/// them.
public struct ArchivalDocument: Sendable {
    /// More than a feeder takes in an hour; a document of more pages is refused.
    public static let pageLimit = 1_000
    static let creator = "kiosk"

    private let language: String
    private let textData: URL

    /// - Parameters:
    ///   - language: of the documents, as BCP 47 names it.
    ///   - textData: the folder of tesseract's data; used for documents with text layers.
    public init(language: String = "vi", textData: URL = TextLayer.defaultData) {
        self.language = language
        self.textData = textData
    }

    /// Writes beside `file` first, for nobody else to read, then moves it over: a file of that name is always whole.
    /// - Throws: `badPicture` when a page's file is no JPEG of grey or YCbCr, or its size is absurd; `diskFull`.
    public func write(_ pages: [DocumentPage], _ metadata: DocumentMetadata, to file: URL) throws(PageError) {
        guard !pages.isEmpty, pages.count <= Self.pageLimit else {
            throw .failed("a document has 1 to \(Self.pageLimit) pages, not \(pages.count)")
        }
        var builder = DocumentBuilder(metadata: metadata, language: language)
        if pages.contains(where: { $0.layer != nil }) {
            builder.useFont(try InvisibleFont(dataPath: textData))
        }
        var bytes = 0
        for page in pages {
            let picture = try PagePicture(page.picture)
            bytes += picture.byteCount
            builder.add(
                picture,
                text: try page.layer.map { layer throws(PageError) in try TextLayer.read(layer, over: picture) })
        }
        let document = try QPDFFile(builder.finish())
        try DocumentFile(file).write(about: bytes) { path throws(PageError) in
            try document.write(to: path)
            // The last bytes of a file can be lost without a word from the library when the disk is full.
            guard try QPDFFile(reading: URL(filePath: path)).pageCount == pages.count else {
                throw .failed("the document was not written as a whole")
            }
        }
    }
}
