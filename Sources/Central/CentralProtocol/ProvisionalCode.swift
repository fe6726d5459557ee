import Crypto
import Foundation

/// The code a dossier has until the centre gives it one: made offline, read from paper, so without letters that look
/// like digits.
public enum ProvisionalCode {
    /// Crockford's base 32.
    private static let letters = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ")

    /// For example `TAM-261124-7K3QXB`.
    /// - Parameter businessDate: `yyyy-MM-dd`.
    public static func make(dossier: UUID, businessDate: String) -> String {
        let digest = withUnsafeBytes(of: dossier.uuid) { SHA256.hash(data: Data($0)) }
        let code = String(digest.prefix(6).map { letters[Int($0 & 31)] })
        let date = businessDate.filter(\.isNumber).suffix(6)
        return "TAM-\(date)-\(code)"
    }
}
