import CardCryptography

/// Where the chip takes its random numbers from: the operating system, or a published example.
public struct ChipRandomness: Sendable {
    public var bytes: @Sendable (Int) -> [UInt8]
    public var privateKey: @Sendable (KeyAgreementGroup) throws -> [UInt8]

    public init(
        bytes: @escaping @Sendable (Int) -> [UInt8],
        privateKey: @escaping @Sendable (KeyAgreementGroup) throws -> [UInt8]
    ) {
        self.bytes = bytes
        self.privateKey = privateKey
    }

    public static let system = ChipRandomness(
        bytes: { SecureRandom.bytes($0) }, privateKey: { try $0.randomPrivateKey() })
}
