/// What can lie in the feeder or on the glass.
public enum PaperSheet: Sendable, Equatable {
    case birthCertificate(BirthCertificateSheet)
    case identityCard(IdentityCardSheet)
    case text(TextSheet)
    /// Two pages that the feeder took in at once, the second further back.
    case doubleFed(TextSheet, TextSheet)
    /// A piece of paper of the size of a shop's receipt.
    case receipt
    indirect case flawed(PaperSheet, PaperFlaw)
    /// Nothing printed on it.
    case blank

    /// By the name that `load` takes.
    public init?(name: String) {
        switch name {
        case "birth-certificate": self = .birthCertificate(BirthCertificateSheet())
        case "id-card": self = .identityCard(IdentityCardSheet(of: .nguyenVanA))
        case "text": self = .text(TextSheet())
        case "a5": self = .text(TextSheet(width: 148, height: 210))
        case "double-fed": self = .doubleFed(TextSheet(number: 1), TextSheet(number: 2))
        case "receipt": self = .receipt
        case "blank": self = .blank
        default:
            if let match = name.wholeMatch(of: /page-([1-9][0-9]?)/), let number = Int(match.output.1) {
                self = .text(TextSheet(number: number))
            } else if let flaw = PaperFlaw(rawValue: name) {
                self = .flawed(.birthCertificate(BirthCertificateSheet()), flaw)
            } else {
                return nil
            }
        }
    }

    static let names =
        ["birth-certificate", "id-card", "text", "page-1 … page-99", "a5", "receipt", "double-fed", "blank"]
        + PaperFlaw.allCases.map(\.rawValue)

    /// How far behind the first page of a double feed the second lies, in millimetres.
    static let doubleFeedOffset = 104.0

    /// Millimetres.
    var size: (width: Double, height: Double) {
        switch self {
        case .birthCertificate, .identityCard, .blank: ScanArea.a4
        case .text(let sheet): (sheet.width, sheet.height)
        case .doubleFed(let first, let second):
            (first.width, max(first.height, second.height + Self.doubleFeedOffset))
        case .receipt: (72, 110)
        case .flawed(let sheet, _): sheet.size
        }
    }

    var flaw: PaperFlaw? {
        if case .flawed(_, let flaw) = self { flaw } else { nil }
    }

    package func draw(on canvas: PaperCanvas, random: inout PaperRandom) {
        switch self {
        case .birthCertificate(let sheet): sheet.draw(on: canvas, random: &random)
        case .identityCard(let sheet): sheet.draw(on: canvas, random: &random)
        case .text(let sheet): sheet.draw(on: canvas)
        case .doubleFed(let first, let second):
            canvas.moved(0, Self.doubleFeedOffset) { second.draw(on: canvas) }
            // The first lies on top, and its lower edge throws a shadow.
            canvas.fill(.paper, x: 0, y: 0, width: first.width, height: first.height)
            canvas.line(0, first.height, first.width, first.height, width: 0.5, ink: .faint)
            first.draw(on: canvas)
        case .receipt:
            for (index, text) in ["BIÊN LAI", "Lệ phí: 8.000 đ", "Cảm ơn quý khách"].enumerated() {
                canvas.text(text, x: 36, y: 20 + Double(index) * 9, size: 4.6, bold: index == 0, align: .centre)
            }
        case .flawed(let sheet, _): sheet.draw(on: canvas, random: &random)
        case .blank: break
        }
    }
}
