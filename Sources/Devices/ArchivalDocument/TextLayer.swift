import Foundation
import Peripherals

/// The invisible text over a page's picture: a PDF of one page, between recognition and the document.
public struct TextLayer {
    /// Where Debian's tesseract-ocr-vie and -eng, and libtesseract5 the font, put their data.
    public static let defaultData = URL(filePath: "/usr/share/tesseract-ocr/5/tessdata")

    private let picture: PagePicture
    private let resolution: Int
    private let font: InvisibleFont

    /// - Parameter textData: the folder of tesseract's data, where the font is.
    /// - Throws: `badPicture` when the page is none.
    public init(over page: ScannedPage, textData: URL = defaultData) throws(PageError) {
        picture = try PagePicture(page)
        resolution = page.resolution
        font = try InvisibleFont(dataPath: textData)
    }

    /// - Throws: `diskFull`, `failed`.
    public func write(_ words: [RecognisedWord], to file: URL) throws(PageError) {
        try Self.write(
            Self.content(words, height: picture.height, resolution: resolution), over: picture, font, to: file)
    }

    /// Bytes of the content of one page; a page full of small print has a fiftieth.
    private static let contentLimit = 4 << 20
    /// Points by which a layer's size may differ from its picture's.
    private static let tolerance = 0.5
    /// Every layer's content begins with it; nothing else is taken for one.
    private static let beginning = "BT 3 Tr"

    /// The words as content of a page (ISO 32000-1, 9.4): text rendering mode 3, neither filled nor stroked.
    ///
    /// Every word stands on its base line, stretched to its width; lines have one height, that of their highest letter
    /// and lowest descender.
    static func content(_ words: [RecognisedWord], height: Int, resolution: Int) -> Data {
        let points = 72 / Double(resolution)
        var text = beginning
        var (x, y) = (0.0, 0.0)
        for word in words {
            let codes = Array(word.text.utf16)
            let size = PDFNumber(max(1, Double(word.lineBottom - word.lineTop) * points), decimals: 1).value
            let width = Double(word.right - word.left) * points
            guard !codes.isEmpty, width > 0 else { continue }
            let stretch = 100 * width / (Double(codes.count) * InvisibleFont.advance * size)
            let place = (
                PDFNumber(Double(word.left) * points, decimals: 1).value,
                PDFNumber(Double(height - word.baseline) * points, decimals: 1).value
            )
            // Moves are from the word before.
            let (right, up) = (PDFNumber(place.0 - x, decimals: 1), PDFNumber(place.1 - y, decimals: 1))
            (x, y) = place
            text += "\n/\(InvisibleFont.resource) \(PDFNumber(size)) Tf \(PDFNumber(stretch, decimals: 1)) Tz"
            text += " \(right) \(up) Td <"
            // The space lies behind the word, in the gap: what is copied has it.
            for code in word.endsLine ? codes : codes + [0x20] { text += InvisibleFont.hexadecimal(code, digits: 4) }
            text += "> Tj"
        }
        return Data((text + "\nET\n").utf8)
    }

    private static func write(
        _ content: Data, over picture: PagePicture, _ font: InvisibleFont, to file: URL
    ) throws(PageError) {
        var objects = PDFObjects()
        let tree = objects.reserve()
        let page = objects.add(
            .dictionary([
                "Type": .name("Page"), "Parent": .reference(tree),
                "MediaBox": .array([
                    .integer(0), .integer(0), .real(picture.size.width), .real(picture.size.height),
                ]),
                "Contents": .reference(objects.add(PDFStream(dictionary: [:], source: .bytes(content)))),
                "Resources": .dictionary([
                    "Font": .dictionary([InvisibleFont.resource: .reference(font.add(to: &objects))])
                ]),
            ]))
        objects.set(
            tree, .dictionary(["Type": .name("Pages"), "Count": .integer(1), "Kids": .array([.reference(page)])]))
        objects.root = objects.add(.dictionary(["Type": .name("Catalog"), "Pages": .reference(tree)]))
        let layer = try QPDFFile(objects)
        try DocumentFile(file).write(about: content.count) { path throws(PageError) in try layer.write(to: path) }
    }

    /// - Returns: the content of a layer that ``write(_:over:_:to:)`` made for a picture of this size.
    static func read(_ file: URL, over picture: PagePicture) throws(PageError) -> Data {
        let name = file.lastPathComponent
        let length = (try? file.resourceValues(forKeys: [.fileSizeKey]))?.fileSize ?? 0
        guard length > 0, length <= contentLimit else {
            throw .failed("text layer \(name) is missing, empty or too large")
        }
        let layer = try QPDFFile(reading: file)
        let size = layer.size(ofPage: 0)
        guard layer.pageCount == 1, abs(size.width - picture.size.width) < tolerance,
            abs(size.height - picture.size.height) < tolerance
        else { throw .failed("text layer \(name) is not of its page's size") }
        let content = try layer.content(ofPage: 0)
        guard content.count <= contentLimit, content.starts(with: Data(beginning.utf8)) else {
            throw .failed("text layer \(name) was not made by this program")
        }
        return content
    }
}
