import CardCryptography

/// EF.CardAccess: which protocols open the chip (ICAO 9303-11, 9.2).
public struct CardAccessFile: Sendable, Equatable {
    public let infos: SecurityInfos

    /// PACEInfo in the order of the file.
    public var pace: [PACEInfo] { infos.pace }

    /// Of every Vietnamese card seen: terminal authentication, chip authentication, PACE ECDH-GM with AES-128 on
    /// brainpoolP256r1. Taken when the file cannot be read.
    public static let usual = CardAccessFile(
        pace: [PACEInfo(algorithm: PACEAlgorithm(mapping: .ecdhGeneric, cipher: .aes128), parameter: 13)])

    public init(pace: [PACEInfo]) {
        var infos = SecurityInfos()
        infos.pace = pace
        self.infos = infos
    }

    /// Reads SET OF SecurityInfo; entries of other protocols are passed over.
    public init(_ bytes: [UInt8]) throws(SecurityInfos.Failure) { infos = try SecurityInfos(bytes) }
}
