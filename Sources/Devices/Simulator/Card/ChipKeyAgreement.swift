import CardCryptography

/// Chip authentication, version 1, from the chip's side (ICAO 9303-11, 6.2): which key a reader has chosen, and the session
/// that follows from its public key.
struct ChipKeyAgreement: Sendable {
    private let keys: [ChipKeys.Static]
    /// Chosen by MSE:Set AT.
    private var chosen: ChipKeys.Static?

    init(_ keys: [ChipKeys.Static]) { self.keys = keys }

    /// MSE:Set AT: 80 the protocol, 84 the key where there are several (6.2.4.2).
    mutating func choose(_ objects: [(tag: UInt8, content: [UInt8])]) -> UInt16 {
        chosen = nil
        guard let identifier = objects.first(where: { $0.tag == 0x80 })?.content else { return 0x6A80 }
        let able = keys.filter { ChipSecurityInfos.agreementIdentifier($0) == identifier }
        guard !able.isEmpty else { return 0x6A80 }
        guard let key = Self.key(objects, among: able, of: keys) else { return 0x6A88 }
        chosen = key
        return 0x9000
    }

    /// GENERAL AUTHENTICATE: 7C { 80 public key }.
    /// - Returns: nil when nothing was chosen.
    mutating func agree(_ data: [UInt8]) throws -> ChipMessaging? {
        guard let key = chosen else { return nil }
        chosen = nil
        guard let outer = ChipTLV.parse(data), outer.count == 1, outer[0].tag == 0x7C,
            let inner = ChipTLV.parse(outer[0].content), inner.count == 1, inner[0].tag == 0x80
        else { throw ChipMessaging.Refusal(status: 0x6A80) }
        return try Self.session(key, inner[0].content)
    }

    /// MSE:Set KAT: 91 the public key, 84 the key where there are several (6.2.4.1).
    func agreeByTemplate(_ objects: [(tag: UInt8, content: [UInt8])]) throws -> ChipMessaging {
        guard let theirs = objects.first(where: { $0.tag == 0x91 })?.content else {
            throw ChipMessaging.Refusal(status: 0x6A80)
        }
        let able = keys.filter { $0.parameters.cipher == .tripleDES && $0.parameters.takesTemplate }
        guard !able.isEmpty else { throw ChipMessaging.Refusal(status: 0x6A86) }
        guard let key = Self.key(objects, among: able, of: keys) else { throw ChipMessaging.Refusal(status: 0x6A88) }
        return try Self.session(key, theirs)
    }

    private static func key(
        _ objects: [(tag: UInt8, content: [UInt8])], among able: [ChipKeys.Static], of all: [ChipKeys.Static]
    ) -> ChipKeys.Static? {
        guard let reference = objects.first(where: { $0.tag == 0x84 })?.content else {
            return all.count == 1 ? able.first : able.first { $0.parameters.keyIdentifier == nil }
        }
        let number = reference.reduce(0) { $0 * 256 + Int($1) }
        return able.first { $0.parameters.keyIdentifier == number }
    }

    private static func session(_ key: ChipKeys.Static, _ theirs: [UInt8]) throws -> ChipMessaging {
        let secret: [UInt8]
        do { secret = try key.group.sharedSecret(privateKey: key.privateKey, publicKey: theirs) } catch {
            throw ChipMessaging.Refusal(status: 0x6A80)
        }
        let cipher = key.parameters.cipher
        return try ChipMessaging(
            cipher: cipher, secret: secret, counter: [UInt8](repeating: 0, count: cipher.blockLength))
    }
}
