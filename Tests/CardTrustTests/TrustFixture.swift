import CardCryptography
import Foundation

@testable import CardTrust
@testable import Simulator

/// A day in a world of tests: nothing here looks at the real clock.
enum TestDay {
    static let now = Date(timeIntervalSince1970: 1_790_000_000)
    static func days(_ count: Int) -> Date { now.addingTimeInterval(Double(count) * 86_400) }
    static let years = days(-400)...days(3650)
}

/// Three small data groups, as bytes: passive authentication does not look into them.
let groups: [Int: [UInt8]] = [
    1: [0x61, 0x03, 1, 2, 3], 2: [0x75, 0x04, 9, 8, 7, 6], 13: [0x6D, 0x05, 1, 1, 2, 3, 5],
]

/// RSA keys take long to make, so all tests share two of each size: the authority's and the signer's.
enum SharedKeys {
    private static let rsa2048 = pair(.rsa(bits: 2048))
    private static let rsa3072 = pair(.rsa(bits: 3072))

    private static func pair(_ key: SimulatedIssuerAlgorithm.Key) -> Result<[SimulatedIssuerKey], any Error> {
        Result { try (0..<2).map { _ in try SimulatedIssuerKey(.init(key, .pkcs1, .sha256)) } }
    }

    /// The authority's key and the signer's.
    static func keys(_ algorithm: SimulatedIssuerAlgorithm) throws -> [SimulatedIssuerKey] {
        switch algorithm.key {
        case .rsa(2048): try rsa2048.get().map { $0.signing(with: algorithm) }
        case .rsa(3072): try rsa3072.get().map { $0.signing(with: algorithm) }
        default: try (0..<2).map { _ in try SimulatedIssuerKey(algorithm) }
        }
    }
}

extension SimulatedIssuer {
    static func with(_ algorithm: SimulatedIssuerAlgorithm) throws -> SimulatedIssuer {
        let keys = try SharedKeys.keys(algorithm)
        let authority = try SimulatedAuthority(algorithm: algorithm, validity: TestDay.years, key: keys[0])
        return SimulatedIssuer(authority: authority, signer: try authority.signer(key: keys[1]))
    }

    /// Reads the groups as a kiosk would.
    func verdicts(
        _ store: TrustStore? = nil, at now: Date = TestDay.now, issued: Date? = nil, others: [SimulatedSigner] = []
    ) throws -> PassiveAuthentication.Verdicts {
        PassiveAuthentication(try securityObject(over: groups, others: others)).verdicts(
            groups: groups, trust: store ?? TrustStore(authority), at: now, issued: issued)
    }
}

extension TrustStore {
    init(_ authorities: SimulatedAuthority..., links: [[UInt8]] = [], lists: [[UInt8]] = []) {
        self.init(certificates: authorities.map(\.certificate) + links, revocationLists: lists)
    }
}
