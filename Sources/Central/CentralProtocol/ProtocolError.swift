/// What is wrong with something one side sent to the other. Names the part, never its content.
public enum ProtocolError: Error, Sendable, Equatable, CustomStringConvertible {
    case malformed(String)
    case tooLarge(String)
    case unsupported(String)
    /// Sealed to another key, changed, cut short, or not ours at all.
    case cannotOpen(String)
    /// The plain content isn't what the manifest says.
    case hashDiffers(file: String)
    case signatureInvalid
    /// A valid receipt, but for something else.
    case receiptForOther

    public var description: String {
        switch self {
        case .malformed(let part): "\(part) is malformed"
        case .tooLarge(let part): "\(part) is larger than allowed"
        case .unsupported(let part): "\(part) is not supported by this version"
        case .cannotOpen(let why): "the sealed dossier can't be opened: \(why)"
        case .hashDiffers(let file): "the content of \(file) is not what the manifest says"
        case .signatureInvalid: "the receipt's signature is not the centre's: check the enrolment file"
        case .receiptForOther: "the receipt is for another dossier"
        }
    }
}
