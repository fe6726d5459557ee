import CardTrust

@testable import IdentityCard

/// EF.CardSecurity's infos; its signature is tested elsewhere.
enum CardSecurityContent {
    static func infos(_ file: [UInt8]) throws -> SecurityInfos {
        try SecurityInfos(try CardSecurity(file).securityInfos)
    }
}
