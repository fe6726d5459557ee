import ArchivalDocument
import CLeptonica
import CTesseract
import Foundation
import Peripherals

/// What is asked of libtesseract.
final class TesseractReader {
    /// Words of one page; a page full of small print has 2,000.
    private static let wordLimit = 20_000
    /// Bytes of UTF-8 of one word.
    private static let wordLength = 256

    private let api: OpaquePointer

    init(languages: [String], dataPath: URL) throws(PageError) {
        OpenMP.stayOnThisThread()
        guard let api = TessBaseAPICreate() else { throw .failed("tesseract cannot start") }
        self.api = api
        // Neither library may write to the standard error of the program: what they say can hold text of the page.
        setMsgSeverity(Int32(L_SEVERITY_NONE))
        TessBaseAPISetVariable(api, "debug_file", "/dev/null")
        let names = languages.joined(separator: "+")
        guard TessBaseAPIInit2(api, dataPath.path, names, OEM_LSTM_ONLY) == 0 else {
            throw .failed(
                "tesseract has no data for \(names) in \(dataPath.path): install tesseract-ocr-vie and -eng")
        }
        TessBaseAPISetPageSegMode(api, PSM_AUTO)
    }

    deinit { TessBaseAPIDelete(api) }

    func words(
        of page: ScannedPage, limit: Duration, isCancelled: @escaping @Sendable () -> Bool
    ) throws(PageError) -> [RecognisedWord] {
        var warnings: Int32 = 0
        // Grey is all that tesseract looks at; libjpeg gives it without working out the colours.
        var image = pixReadJpeg(page.file.path, 0, 1, &warnings, Int32(L_JPEG_READ_LUMINANCE))
        guard image != nil else {
            throw .badPicture("page \(page.file.lastPathComponent) cannot be decoded")
        }
        defer { pixDestroy(&image) }
        TessBaseAPISetImage2(api, image)
        TessBaseAPISetSourceResolution(api, Int32(page.resolution))
        try read(limit, isCancelled)
        return found()
    }

    private func read(_ limit: Duration, _ isCancelled: @escaping @Sendable () -> Bool) throws(PageError) {
        guard let monitor = TessMonitorCreate() else { throw .failed("tesseract cannot start") }
        defer { TessMonitorDelete(monitor) }
        let question = CancelQuestion(isCancelled)
        TessMonitorSetCancelThis(monitor, Unmanaged.passUnretained(question).toOpaque())
        TessMonitorSetCancelFunc(monitor) { question, _ in
            guard let question else { return false }
            return Unmanaged<CancelQuestion>.fromOpaque(question).takeUnretainedValue().ask()
        }
        TessMonitorSetDeadlineMSecs(monitor, Int32(clamping: limit.components.seconds * 1_000))
        let end = ContinuousClock.now + limit
        let status = withExtendedLifetime(question) { TessBaseAPIRecognize(api, monitor) }
        if question.wasAnsweredYes { throw .cancelled }
        guard ContinuousClock.now < end else { throw .timedOut }
        guard status == 0 else { throw .failed("tesseract gave up on the page") }
    }

    private func found() -> [RecognisedWord] {
        guard let iterator = TessBaseAPIGetIterator(api) else { return [] }
        defer { TessResultIteratorDelete(iterator) }
        var words: [RecognisedWord] = []
        repeat {
            guard let place = TessResultIteratorGetPageIteratorConst(iterator),
                let word = word(iterator, place)
            else { continue }
            words.append(word)
        } while words.count < Self.wordLimit && TessResultIteratorNext(iterator, RIL_WORD) != 0
        return words
    }

    private func word(_ iterator: OpaquePointer, _ place: OpaquePointer) -> RecognisedWord? {
        guard let bytes = TessResultIteratorGetUTF8Text(iterator, RIL_WORD) else { return nil }
        defer { TessDeleteText(bytes) }
        // The font's codes are UTF-16 code units: characters beyond the first plane, which no form has, are left out.
        let text = String(cString: bytes).precomposedStringWithCanonicalMapping.unicodeScalars
            .filter { $0.value > 0x20 && $0.value < 0x1_0000 && !$0.properties.isWhitespace }
        guard !text.isEmpty, text.count <= Self.wordLength, let box = self.box(place, RIL_WORD),
            let line = self.box(place, RIL_TEXTLINE)
        else { return nil }
        var (x1, y1, x2, y2) = (Int32(0), Int32(0), Int32(0), Int32(0))
        if TessPageIteratorBaseline(place, RIL_WORD, &x1, &y1, &x2, &y2) == 0 { (y1, y2) = (box.bottom, box.bottom) }
        return RecognisedWord(
            text: String(String.UnicodeScalarView(text)), left: Int(box.left), right: Int(box.right),
            baseline: Int(y1 + y2) / 2, lineTop: Int(line.top), lineBottom: Int(line.bottom),
            confidence: Double(TessResultIteratorConfidence(iterator, RIL_WORD)),
            endsLine: TessPageIteratorIsAtFinalElement(place, RIL_TEXTLINE, RIL_WORD) != 0)
    }

    private struct Box {
        var (left, top, right, bottom) = (Int32(0), Int32(0), Int32(0), Int32(0))
    }

    private func box(_ place: OpaquePointer, _ level: TessPageIteratorLevel) -> Box? {
        var box = Box()
        let isThere = TessPageIteratorBoundingBox(place, level, &box.left, &box.top, &box.right, &box.bottom) != 0
        return isThere ? box : nil
    }
}

/// Asked by tesseract on the thread that waits for it.
private final class CancelQuestion {
    private let isCancelled: @Sendable () -> Bool
    private(set) var wasAnsweredYes = false

    init(_ isCancelled: @escaping @Sendable () -> Bool) { self.isCancelled = isCancelled }

    func ask() -> Bool {
        wasAnsweredYes = wasAnsweredYes || isCancelled()
        return wasAnsweredYes
    }
}
