import ArchivalDocument
import Foundation
import Peripherals

/// Reads the text of a page and writes it as an invisible layer, with tesseract's LSTM models.
///
/// ```swift
/// let text = try TextRecognition().recognise(page, layer: file)
/// ```
/// Takes about a second of the caller's thread, and no other thread.
public struct TextRecognition: Sendable {
    private let languages: [String]
    private let dataPath: URL
    private let limit: Duration

    /// - Parameters:
    ///   - languages: as tesseract names them, the most likely one first.
    ///   - dataPath: the folder of tesseract's data.
    ///   - limit: a page that takes longer is given up.
    public init(
        languages: [String] = ["vie", "eng"], dataPath: URL = TextLayer.defaultData, limit: Duration = .seconds(120)
    ) {
        self.languages = languages
        self.dataPath = dataPath
        self.limit = limit
    }

    /// - Parameters:
    ///   - page: a prepared page: upright and straight, or little is found.
    ///   - file: where the layer is written.
    ///   - isCancelled: asked after every word.
    /// - Throws: `badPicture`, `timedOut`, `cancelled`, `diskFull`.
    public func recognise(
        _ page: ScannedPage, layer file: URL, isCancelled: @escaping @Sendable () -> Bool = { false }
    ) throws(PageError) -> RecognisedText {
        let layer = try TextLayer(over: page, textData: dataPath)
        let reader = try TesseractReader(languages: languages, dataPath: dataPath)
        let words = try reader.words(of: page, limit: limit, isCancelled: isCancelled)
        try layer.write(words, to: file)
        return RecognisedText(layer: file, text: Self.text(words), confidence: Self.confidence(words))
    }

    static func text(_ words: [RecognisedWord]) -> String {
        words.map { $0.text + ($0.endsLine ? "\n" : " ") }.joined()
    }

    static func confidence(_ words: [RecognisedWord]) -> Int {
        guard !words.isEmpty else { return 0 }
        let mean = words.map(\.confidence).reduce(0, +) / Double(words.count)
        return min(max(Int(mean.rounded()), 0), 100)
    }
}
