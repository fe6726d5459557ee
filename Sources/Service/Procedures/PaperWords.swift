import Foundation

/// What is printed on a paper, and whether a scan's text is that paper's.
///
/// A scan's text is never exact: accents are lost, letters misread, words torn apart. So both sides are compared as plain
/// small letters, words may be joined or split, and some letters of a phrase may differ. It says ``Verdict/another`` only
/// of a text that was read well and long enough: nobody is accused by a smudge.
public struct PaperWords: Sendable, Equatable {
    public enum Verdict: Sendable, Equatable {
        case fits
        /// A text that was read well, and holds none of the phrases.
        case another
        /// Nothing can be said: hardly any text, read badly, or nothing is known of the paper.
        case unknown
    }

    /// Letters of one phrase, without spaces. A shorter one would be found in any text.
    public static let letters = 6...60
    public static let phraseLimit = 20
    /// A text says something from so many words on; a form without its answers has more.
    static let leastWords = 25
    /// Mean confidence of the words, 0 to 100. Measured with tesseract 5.3, vie and eng: papers in Vietnamese, English and French
    /// have 93 to 97, also a little out of focus; very blurred ones 38, Russian 58, an upright page read upside down 60,
    /// Thai, Lao and Khmer 8 to 25 with up to 137 "words", noise and photographs at most 8 words of 48.
    static let leastConfidence = 75
    /// The title stands on the first page, among its first words.
    static let wordLimit = 2_000

    private let phrases: [Phrase]

    /// Nothing is known.
    public static let none = PaperWords(phrases: [])

    private init(phrases: [Phrase]) { self.phrases = phrases }

    /// - Parameter texts: phrases of the paper, in any spelling; one of them is enough.
    /// - Returns: nil when there are more than ``phraseLimit``, or one has not ``letters`` letters.
    public init?(_ texts: [String]) {
        guard texts.count <= Self.phraseLimit else { return nil }
        phrases = texts.map(Phrase.init)
        guard phrases.allSatisfy({ Self.letters.contains($0.letters.count) }) else { return nil }
    }

    /// - Parameters:
    ///   - text: words in reading order, as they were recognised.
    ///   - confidence: mean confidence of the words, 0 to 100.
    public func verdict(on text: String, confidence: Int) -> Verdict {
        guard !phrases.isEmpty else { return .unknown }
        let words = Self.words(of: text)
        if phrases.contains(where: { $0.stands(in: words) }) { return .fits }
        let legible = words.count { $0.count > 1 }
        return legible >= Self.leastWords && confidence >= Self.leastConfidence ? .another : .unknown
    }

    /// Small letters without accents, digits as they are: "Giấy CHỨNG sinh," becomes "giay", "chung", "sinh".
    static func words(of text: String) -> [[UInt8]] {
        var words: [[UInt8]] = []
        var word: [UInt8] = []
        for scalar in text.decomposedStringWithCanonicalMapping.unicodeScalars {
            switch scalar {
            case "a"..."z", "0"..."9": word.append(UInt8(scalar.value))
            case "A"..."Z": word.append(UInt8(scalar.value) + 32)
            case "đ", "Đ": word.append(UInt8(ascii: "d"))
            case _ where scalar.properties.generalCategory == .nonspacingMark: continue
            default:
                if !word.isEmpty { words.append(word) }
                if words.count == wordLimit { return words }
                word = []
            }
        }
        if !word.isEmpty { words.append(word) }
        return words
    }
}

/// Words that stand together on a paper.
private struct Phrase: Sendable, Equatable {
    let letters: [UInt8]
    private let wordCount: Int
    /// A quarter of the letters may differ. "giaychungsinh" is still found in "giay chumg sinh", and not in
    /// "giay chung tu" or "giay khai sinh".
    private var tolerance: Int { letters.count / 4 }

    init(_ text: String) {
        let words = PaperWords.words(of: text)
        letters = words.flatMap { $0 }
        wordCount = words.count
    }

    /// Whether some words that follow each other are this phrase, read with mistakes.
    func stands(in words: [[UInt8]]) -> Bool {
        words.indices.contains { start in
            var joined: [UInt8] = []
            // One word may have been torn into pieces.
            for word in words[start...].prefix(wordCount + 2) {
                joined += word
                if joined.count > letters.count + tolerance { return false }
                if joined.count >= letters.count - tolerance, isNear(joined) { return true }
            }
            return false
        }
    }

    /// Levenshtein's distance within the tolerance.
    private func isNear(_ other: [UInt8]) -> Bool {
        var row = Array(0...letters.count)
        for (i, letter) in other.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, own) in letters.enumerated() {
                let above = row[j + 1]
                row[j + 1] = min(above + 1, row[j] + 1, diagonal + (own == letter ? 0 : 1))
                diagonal = above
            }
        }
        return row[letters.count] <= tolerance
    }
}
