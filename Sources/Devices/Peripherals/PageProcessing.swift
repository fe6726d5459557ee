import Foundation

/// What is wrong with a scanned page, in words that an applicant can act on. Its name stands in the locales as
/// `scan.finding.<code>`.
public enum PageFinding: String, Sendable, Codable, CaseIterable {
    /// Nothing is on it.
    case empty
    case tooDark = "too-dark"
    case blurred
    /// The paper goes on beyond an edge of the picture.
    case cutOff = "cut-off"
    /// It could not be turned upright with certainty.
    case upsideDown = "upside-down"
    /// Light that is thrown back hides what is printed.
    case glare
    /// Much smaller than a paper of record.
    case tooSmall = "too-small"
    /// Two sheets went through at once.
    case doubleFeed = "double-feed"
    /// An identity card, told by its QR code, where another paper was asked for.
    case identityCard = "identity-card"
    /// The text is not that of the paper that was asked for.
    case wrongPaper = "wrong-paper"

    public var code: String { rawValue }
}

/// A QR or bar code on a page.
public struct PageCode: Sendable, Equatable, Codable {
    /// The symbology, as zbar names it: `QR-Code`, `CODE-128`.
    public var symbology: String
    /// At most ``textLimit`` bytes of UTF-8.
    public var text: String

    public static let textLimit = 4_096

    public init(symbology: String, text: String) {
        self.symbology = symbology
        self.text = text
    }
}

/// A scanned page made fit for the record: cut to the paper, straight, upright, its background levelled.
public struct PreparedPage: Sendable, Equatable, Codable {
    /// The JPEG file and its true size: pixels and dots per inch.
    public var page: ScannedPage
    /// Worst first; empty when the page is fine.
    public var findings: [PageFinding]
    public var codes: [PageCode]

    public init(page: ScannedPage, findings: [PageFinding], codes: [PageCode]) {
        self.page = page
        self.findings = findings
        self.codes = codes
    }
}

/// The text of a page, as far as it could be read.
public struct RecognisedText: Sendable, Equatable, Codable {
    /// A PDF of one page of the picture's size with nothing but invisible text, for ``PageProcessing/writePDF(_:_:to:)``.
    public var layer: URL
    /// Words in reading order; personal data, never for a log.
    public var text: String
    /// Mean confidence of the words, 0 to 100.
    public var confidence: Int

    public init(layer: URL, text: String, confidence: Int) {
        self.layer = layer
        self.text = text
        self.confidence = confidence
    }
}

/// One page of a document.
public struct DocumentPage: Sendable, Equatable, Codable {
    public var picture: ScannedPage
    /// The invisible text, once it is there.
    public var layer: URL?

    public init(picture: ScannedPage, layer: URL? = nil) {
        self.picture = picture
        self.layer = layer
    }
}

/// What a document says about itself. Nothing personal.
public struct DocumentMetadata: Sendable, Equatable, Codable {
    /// The component's official label, for example "Giấy chứng sinh".
    public var title: String
    /// The component's id, the procedure's code, the dossier's provisional code.
    public var component: String
    public var procedure: String
    public var dossier: String?
    public var codes: [PageCode]
    public var createdAt: Date

    public init(
        title: String, component: String, procedure: String, dossier: String? = nil, codes: [PageCode] = [],
        createdAt: Date
    ) {
        self.title = title
        self.component = component
        self.procedure = procedure
        self.dossier = dossier
        self.codes = codes
        self.createdAt = createdAt
    }
}

/// Why a page or a document could not be made.
public enum PageError: Error, Sendable, Equatable {
    /// The file is missing, damaged, or larger than any page may be.
    case badPicture(String)
    case diskFull
    case timedOut
    case cancelled
    /// For the technician.
    case failed(String)

    public var code: String {
        switch self {
        case .badPicture: "bad-picture"
        case .diskFull: "disk-full"
        case .timedOut: "timed-out"
        case .cancelled: "cancelled"
        case .failed: "failed"
        }
    }
}

/// Makes documents of record from scanned pages. The work is done outside of the daemon, by the program `kiosk-page`.
public protocol PageProcessing: Sendable {
    /// - Parameter file: the prepared JPEG is written there.
    func prepare(_ page: ScannedPage, to file: URL) async throws(PageError) -> PreparedPage
    /// - Parameter layer: the text layer is written there.
    func recognise(_ page: ScannedPage, layer: URL) async throws(PageError) -> RecognisedText
    /// Writes the pages in order as one PDF/A-2b (ISO 19005-2), each at its true size.
    func writePDF(_ pages: [DocumentPage], _ metadata: DocumentMetadata, to file: URL) async throws(PageError)
}
