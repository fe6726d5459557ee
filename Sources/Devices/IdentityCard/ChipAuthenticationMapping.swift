import CardCryptography

/// What the chip said in PACE with chip authentication mapping (ICAO 9303-11, 4.4.3.5), to be compared with its static
/// public key. That key is read afterwards, from EF.CardSecurity, whose signature must be verified too.
public struct ChipAuthenticationMapping: Sendable, Equatable {
    public let curve: EllipticCurve
    /// PKMap,IC: the chip's public key of the mapping.
    let mappingKey: [UInt8]
    /// CA,IC, deciphered; nil when the chip did not send any, or none that can be deciphered.
    let data: [UInt8]?

    /// Deciphers A,IC with the session's key: CBC, the initialization vector is the encrypted block of ones (4.4.3.5.4).
    init(
        curve: EllipticCurve, mappingKey: [UInt8], encrypted: [UInt8]?, cipher: CardCipher, key: [UInt8]
    ) throws(CryptographyError) {
        self.curve = curve
        self.mappingKey = mappingKey
        guard let encrypted, encrypted.count <= 128, encrypted.count.isMultiple(of: cipher.blockLength) else {
            data = nil
            return
        }
        let ones = [UInt8](repeating: 0xFF, count: cipher.blockLength)
        let padded = try cipher.decrypt(
            encrypted, key: key, initializationVector: try cipher.encryptBlock(ones, key: key))
        data = ISOPadding.removed(from: padded)
    }

    /// Whether the chip has the private key of a static public key: PKMap,IC = CA,IC × PK,IC.
    ///
    /// - Parameter publicKey: an uncompressed point on the curve.
    public func proves(_ publicKey: [UInt8]) -> Bool {
        guard let data, let point = try? curve.sharedPoint(privateKey: data, publicKey: publicKey) else { return false }
        return ConstantTime.equal(point, mappingKey)
    }

    /// Whether the chip has the private key of one of the keys in EF.CardSecurity (or DG14) that are on the curve.
    public func proves(_ infos: SecurityInfos) -> Bool {
        infos.chipAuthenticationKeys.contains { $0.group == .curve(curve) && proves($0.publicKey) }
    }
}
