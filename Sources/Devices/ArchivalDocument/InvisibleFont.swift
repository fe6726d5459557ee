import Foundation
import Peripherals

/// The font of the text layers: one empty glyph half an em wide for every character, so that text can be found and
/// copied but never seen. All pages of a document share it. A character's code is its UTF-16 code unit.
struct InvisibleFont: Sendable {
    /// How layers name it in their content.
    static let resource = "T"
    /// Ems, per character.
    static let advance = 0.5
    /// Ems, above and below the base line.
    static let ascent = 0.8
    static let descent = 0.2

    /// The font file of tesseract's own PDF output: 572 bytes, glyph 1 is empty and 0.5 em wide.
    private let program: Data
    private static let programLimit = 64 << 10

    /// - Parameter dataPath: the folder of tesseract's data.
    init(dataPath: URL) throws(PageError) {
        let file = dataPath.appending(path: "pdf.ttf")
        guard let program = try? Data(contentsOf: file), !program.isEmpty, program.count < Self.programLimit else {
            throw .failed("the font of text layers is missing: \(file.path) (Debian's libtesseract5)")
        }
        self.program = program
    }

    /// ISO 32000-1, 9.7.
    /// - Returns: the font's number.
    func add(to objects: inout PDFObjects) -> Int {
        let name = PDFObject.name("GlyphLessFont")
        let file = objects.add(
            PDFStream(dictionary: ["Length1": .integer(program.count)], source: .bytes(program)))
        let descriptor = objects.add(
            .dictionary([
                "Type": .name("FontDescriptor"), "FontName": name, "FontFile2": .reference(file),
                "Flags": .integer(5), "ItalicAngle": .integer(0), "StemV": .integer(80),
                "Ascent": .integer(Int(Self.ascent * 1_000)), "Descent": .integer(-Int(Self.descent * 1_000)),
                "CapHeight": .integer(Int(Self.ascent * 1_000)),
                "FontBBox": .array([.integer(0), .integer(0), .integer(Int(Self.advance * 1_000)), .integer(1_000)]),
            ]))
        // Every code to glyph 1.
        let glyphs = objects.add(
            PDFStream(dictionary: [:], source: .bytes(Data((0..<131_072).map { $0.isMultiple(of: 2) ? 0 : 1 }))))
        let descendant = objects.add(
            .dictionary([
                "Type": .name("Font"), "Subtype": .name("CIDFontType2"), "BaseFont": name,
                "CIDSystemInfo": .dictionary([
                    "Registry": .text("Adobe"), "Ordering": .text("Identity"), "Supplement": .integer(0),
                ]), "FontDescriptor": .reference(descriptor), "CIDToGIDMap": .reference(glyphs),
                "DW": .integer(Int(Self.advance * 1_000)),
            ]))
        let unicode = objects.add(PDFStream(dictionary: [:], source: .bytes(Data(Self.characterMap.utf8))))
        return objects.add(
            .dictionary([
                "Type": .name("Font"), "Subtype": .name("Type0"), "BaseFont": name, "Encoding": .name("Identity-H"),
                "DescendantFonts": .array([.reference(descendant)]), "ToUnicode": .reference(unicode),
            ]))
    }

    /// From codes to Unicode (ISO 32000-1, 9.10.3): a range may vary in its last byte only, a block holds 100 ranges.
    private static var characterMap: String {
        // Without the halves of surrogate pairs.
        let rows = (0x00...0xFF).filter { !(0xD8...0xDF).contains($0) }.map { hexadecimal($0, digits: 2) }
        let ranges = rows.map { "<\($0)00> <\($0)FF> <\($0)00>" }
        let blocks = stride(from: 0, to: ranges.count, by: 100).map { start in
            let block = ranges[start..<min(start + 100, ranges.count)]
            return "\(block.count) beginbfrange\n\(block.joined(separator: "\n"))\nendbfrange"
        }
        return """
            /CIDInit /ProcSet findresource begin
            12 dict begin
            begincmap
            /CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
            /CMapName /Adobe-Identity-UCS def
            /CMapType 2 def
            1 begincodespacerange
            <0000> <FFFF>
            endcodespacerange
            \(blocks.joined(separator: "\n"))
            endcmap
            CMapName currentdict /CMap defineresource pop
            end
            end
            """
    }

    static func hexadecimal(_ value: some BinaryInteger, digits: Int) -> String {
        let text = String(value, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }
}
