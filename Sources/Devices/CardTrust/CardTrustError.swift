/// Why something of the card's trust could not be used. The texts name fields and algorithms, never data of a person.
public enum CardTrustError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Not the structure that the standard asks for; the text names the field.
    case malformed(String)
    /// Well formed, but of a kind that is not known here.
    case unsupported(String)
    /// Larger, or with more parts, than any genuine one.
    case tooLarge(String)
    /// libcrypto had no memory or refused something that cannot be refused.
    case library(String)

    public var description: String {
        switch self {
        case .malformed(let what): "malformed \(what)"
        case .unsupported(let what): "unsupported \(what)"
        case .tooLarge(let what): "too large: \(what)"
        case .library(let what): "libcrypto failed: \(what)"
        }
    }
}
