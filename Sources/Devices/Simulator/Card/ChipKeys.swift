import CardCryptography
import Synchronization

/// The private keys of one chip. New ones at every start; RSA keys, which take long to make, are shared by all chips of a
/// process.
struct ChipKeys: Sendable {
    struct Static: Sendable {
        var parameters: ChipProtocols.KeyAgreement
        var group: KeyAgreementGroup
        var publicKey: [UInt8]
        /// A clone's is another.
        var privateKey: [UInt8]
        /// It is in EF.DG14; the others are for PACE with chip authentication mapping only, in EF.CardSecurity.
        var isInApplication: Bool
    }

    let agreement: [Static]
    /// What EF.DG15 tells.
    let signaturePublicKey: [UInt8]?
    /// nil for a chip without active authentication; a clone's is another.
    let signature: SigningKey?

    init(_ protocols: ChipProtocols) throws {
        let isClone = protocols.clone != nil
        var keys: [Static] = []
        func add(_ parameters: ChipProtocols.KeyAgreement, isInApplication: Bool) throws {
            guard let group = try KeyAgreementGroup(standardized: parameters.parameter) else { throw NoSuchGroup() }
            let pair = try group.keyPair()
            keys.append(
                Static(
                    parameters: parameters, group: group, publicKey: pair.publicKey,
                    privateKey: isClone ? try group.randomPrivateKey() : pair.privateKey,
                    isInApplication: isInApplication))
        }
        for parameters in protocols.keyAgreement { try add(parameters, isInApplication: true) }
        // Chip authentication mapping needs a static key on its curve; the standard's example numbers it by the curve.
        for offer in protocols.pace where offer.mapping == .ecdhChipAuthentication {
            guard !keys.contains(where: { $0.parameters.parameter == offer.parameter }) else { continue }
            try add(
                ChipProtocols.KeyAgreement(
                    parameter: offer.parameter, cipher: offer.cipher, keyIdentifier: offer.parameter,
                    encoding: .standardized), isInApplication: false)
        }
        agreement = keys
        guard let kind = protocols.signature else {
            signature = nil
            signaturePublicKey = nil
            return
        }
        switch kind {
        case .rsa(let bits, _, _):
            signaturePublicKey = try Self.rsa(bits, 0).publicKey()
            signature = try Self.rsa(bits, isClone ? 1 : 0)
        case .ecdsa(let curve, _):
            let key = try SigningKey.ecdsa(on: curve)
            signaturePublicKey = try key.publicKey()
            signature = isClone ? try SigningKey.ecdsa(on: curve) : key
        }
    }

    struct NoSuchGroup: Error {}

    // MARK: RSA

    private struct Request: Hashable {
        var bits: Int
        var number: Int
    }

    private static let made = Mutex<[Request: SigningKey]>([:])

    /// The first or second key of a length.
    private static func rsa(_ bits: Int, _ number: Int) throws -> SigningKey {
        let request = Request(bits: bits, number: number)
        if let key = made.withLock({ $0[request] }) { return key }
        let key = try SigningKey.rsa(bits: bits)
        // Another thread may have been faster: the first key stays.
        return made.withLock { keys in
            let kept = keys[request] ?? key
            keys[request] = kept
            return kept
        }
    }
}
