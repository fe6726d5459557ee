/// What can lie in the feeder or on the glass.
public enum PaperSheet: Sendable, Equatable {
    case birthCertificate(BirthCertificateSheet)
    case identityCard(IdentityCardSheet)
    /// Nothing printed on it.
    case blank

    /// By the name that `load` takes.
    public init?(name: String) {
        switch name {
        case "birth-certificate": self = .birthCertificate(BirthCertificateSheet())
        case "id-card": self = .identityCard(IdentityCardSheet(of: .nguyenVanA))
        case "blank": self = .blank
        default: return nil
        }
    }

    static let names = ["birth-certificate", "id-card", "blank"]

    package func draw(on canvas: PaperCanvas, random: inout PaperRandom) {
        switch self {
        case .birthCertificate(let sheet): sheet.draw(on: canvas, random: &random)
        case .identityCard(let sheet): sheet.draw(on: canvas, random: &random)
        case .blank: break
        }
    }
}
