import Foundation
import Peripherals

/// EF.CardSecurity: SecurityInfos that a document signer signed, for PACE with chip authentication mapping (ICAO 9303-11,
/// 9.2.11; BSI TR-03110-3, A.1.2.5).
public struct CardSecurity: Sendable {
    /// DER of the SecurityInfos, a SET. Believe it only as far as the verdicts go.
    public let securityInfos: [UInt8]
    private let message: SignedMessage

    /// id-SecurityObject.
    public static let contentType = "0.4.0.127.0.7.3.2.1"

    /// - Parameter file: EF.CardSecurity as it was read.
    public init(_ file: [UInt8]) throws(CardTrustError) {
        guard file.count <= 65_536 else { throw .tooLarge("EF.CardSecurity") }
        message = try SignedMessage(file[...], contentType: Self.contentType)
        securityInfos = message.content
    }

    /// The same two questions as for EF.SOD.
    public func verdicts(
        trust store: TrustStore, at now: Date, issued: Date? = nil
    ) -> (signature: CardVerdict, trust: CardVerdict) {
        let result = SignerVerification(message, trust: store, at: now, issued: issued, purpose: .securityObject)
        return (result.signature, result.trust)
    }
}
