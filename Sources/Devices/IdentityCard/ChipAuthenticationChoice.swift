import CardCryptography

/// One way of chip authentication: a protocol and the static public key that belongs to it.
public struct ChipAuthenticationChoice: Sendable, Hashable {
    public var algorithm: ChipAuthenticationAlgorithm
    public var group: KeyAgreementGroup
    public var publicKey: [UInt8]
    /// Sent as tag 84 when the chip gives its keys numbers.
    public var keyIdentifier: Int?

    public init(
        algorithm: ChipAuthenticationAlgorithm, group: KeyAgreementGroup, publicKey: [UInt8], keyIdentifier: Int? = nil
    ) {
        self.algorithm = algorithm
        self.group = group
        self.publicKey = publicKey
        self.keyIdentifier = keyIdentifier
    }
}

extension SecurityInfos {
    /// What chip authentication the infos of DG14 (or EF.CardSecurity) allow: AES before 3DES, longer keys first, then the
    /// stronger group, then the order of the file.
    ///
    /// A key without ChipAuthenticationInfo is for 3DES with MSE:Set KAT (ICAO 9303-11, 9.2.5).
    public var chipAuthenticationChoices: [ChipAuthenticationChoice] {
        var choices: [ChipAuthenticationChoice] = []
        for key in chipAuthenticationKeys {
            let infos = chipAuthentication.filter { info in
                info.algorithm.isElliptic == key.group.isElliptic
                    && (info.keyIdentifier == key.keyIdentifier || chipAuthenticationKeys.count == 1)
            }
            let algorithms =
                infos.isEmpty
                ? [ChipAuthenticationAlgorithm(isElliptic: key.group.isElliptic, cipher: .tripleDES)]
                : infos.map(\.algorithm)
            for algorithm in algorithms {
                choices.append(
                    ChipAuthenticationChoice(
                        algorithm: algorithm, group: key.group, publicKey: key.publicKey,
                        keyIdentifier: key.keyIdentifier))
            }
        }
        func rank(_ choice: ChipAuthenticationChoice) -> [Int] {
            let cipher = choice.algorithm.cipher
            return [cipher == .tripleDES ? 1 : 0, -cipher.keyLength, -choice.group.strength]
        }
        return choices.enumerated().sorted {
            (rank($0.element) + [$0.offset]).lexicographicallyPrecedes(rank($1.element) + [$1.offset])
        }.map(\.element)
    }
}
