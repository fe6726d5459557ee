import CardCryptography
import SmartCard
import Testing

@testable import IdentityCard
@testable import Simulator

@Suite("Active authentication")
struct ActiveAuthenticationTests {
    private static let curves: [(EllipticCurve, HashFunction)] = EllipticCurve.allCases.map { curve in
        switch curve.fieldBits {
        case ..<256: (curve, .sha224)
        case ..<384: (curve, .sha256)
        case ..<512: (curve, .sha384)
        default: (curve, .sha512)
        }
    }

    private static let signatures: [ChipProtocols.Signature] =
        curves.map { .ecdsa($0.0, $0.1) } + [1024, 1536, 2048, 3072].map { .rsa(bits: $0, .sha256) }
        + HashFunction.allCases.map { .rsa(bits: 1024, $0) } + [.rsa(bits: 2048, .sha1, hasLongTrailer: false)]

    @Test("the chip proves itself, with extended length and without", arguments: signatures, [true, false])
    func genuine(signature: ChipProtocols.Signature, isExtended: Bool) throws {
        var protocols = ChipProtocols.vietnamese
        protocols.signature = signature
        var terminal = try ChipTerminal(protocols)
        terminal.hasExtendedLength = isExtended
        try terminal.openUsually()
        guard case .genuine(let method) = try terminal.authenticateActively() else { throw Unexpected() }
        switch signature {
        case .rsa(let bits, let hash, _): #expect(method == .rsa(bits: bits, hash))
        case .ecdsa(_, let hash): #expect(method == .ecdsa(hash))
        }
    }

    @Test(
        "a clone is found: it signs with another key, or not at all",
        arguments: [ChipProtocols.Signature.rsa(bits: 1024, .sha256), .ecdsa(.nistP256, .sha256)],
        ChipProtocols.Clone.allCases)
    func clone(signature: ChipProtocols.Signature, clone: ChipProtocols.Clone) throws {
        var protocols = ChipProtocols.vietnamese
        protocols.signature = signature
        protocols.clone = clone
        var terminal = try ChipTerminal(protocols)
        try terminal.openUsually()
        guard case .failed(let failure) = try terminal.authenticateActively() else { throw Unexpected() }
        #expect(failure == (clone == .withOtherKeys ? .forged : .rejected(APDU.StatusWord(0x6D00))))
    }

    @Test("one command: eight bytes, Le 256, or all there is when the signature is longer")
    func command() throws {
        let nonce = hex("F173589974BF40C6")
        for (bits, tail) in [(1024, "00"), (2048, "0000")] {
            let key = try SigningKey.rsa(bits: bits)
            var machine = try ActiveAuthentication(dataGroup15: TLV.encode(0x6F, key.publicKey()), nonce: nonce)
            guard case .send(let command) = machine.start() else { throw Unexpected() }
            #expect(command.bytes == hex(bits == 1024 ? "0088000008" : "00880000000008") + nonce + hex(tail))
        }
    }

    // MARK: ISO/IEC 9796-2

    private static let key = try? SigningKey.rsa(bits: 1024)

    private func verdict(_ signature: [UInt8], nonce: [UInt8]) throws -> HashFunction? {
        let key = try SubjectPublicKey(try #require(Self.key).publicKey())
        return try MessageRecovery(signature: signature, key: key)?.hash(accepting: nonce)
    }

    private func sign(_ block: [UInt8]) throws -> [UInt8] { try #require(Self.key).rawRSA(block) }

    private static let nonce = hex("0123456789ABCDEF")
    private static let hashTrailers: [(HashFunction, String)] = [
        (.sha1, "BC"), (.sha1, "33CC"), (.sha224, "38CC"), (.sha256, "34CC"), (.sha384, "36CC"), (.sha512, "35CC"),
    ]

    /// `header | padding | message | hash | trailer`, the message as long as asked for.
    private func block(
        _ hash: HashFunction, _ trailer: [UInt8], isPartial: Bool, messageLength: Int
    ) throws -> [UInt8] {
        let own = [UInt8](repeating: 0x5A, count: messageLength - (isPartial ? 0 : 8)) + (isPartial ? [] : Self.nonce)
        let digest = try hash.hash(isPartial ? own + Self.nonce : own)
        let padding = 128 - 1 - own.count - digest.count - trailer.count
        let header: [UInt8] =
            padding == 0
            ? [isPartial ? 0x6A : 0x4A]
            : [isPartial ? 0x6B : 0x4B] + [UInt8](repeating: 0xBB, count: padding - 1) + [0xBA]
        return header + own + digest + trailer
    }

    @Test(
        "each hash function with its trailer; partial and total recovery; full and padded messages; both ways to sign",
        arguments: hashTrailers, [true, false])
    func trailers(_ trailer: (HashFunction, String), isPartial: Bool) throws {
        let (hash, end) = (trailer.0, hex(trailer.1))
        let full = 128 - 1 - hash.length - end.count
        for length in [full, full - 1, full - 2, 20] {
            let block = try block(hash, end, isPartial: isPartial, messageLength: length)
            let signature = try sign(block)
            #expect(try verdict(signature, nonce: Self.nonce) == hash)
            // B.4 gives the smaller of the signature and its complement.
            let key = try SubjectPublicKey(try #require(Self.key).publicKey())
            #expect(try verdict(key.complement(signature), nonce: Self.nonce) == hash)
            #expect(try verdict(signature, nonce: hex("0123456789ABCDEE")) == nil)
        }
    }

    @Test("any altered bit of the signature, a wrong trailer, sloppy padding and a moved hash are refused")
    func forgeries() throws {
        let good = try block(.sha256, hex("34CC"), isPartial: true, messageLength: 40)
        let signature = try sign(good)
        for bit in stride(from: 8, to: 1024, by: 11) {
            var altered = signature
            altered[bit / 8] ^= 1 << (bit % 8)
            #expect(try verdict(altered, nonce: Self.nonce) == nil)
        }
        let changes: [(inout [UInt8]) -> Void] = [
            { $0[126] = 0x35 }, { $0[126] = 0x31 }, { $0[127] = 0xBC }, { $0[0] = 0x6A }, { $0[0] = 0x2B },
            { $0[5] = 0x0B }, { $0[5] = 0xBA }, { $0[100] ^= 1 },
            // The hash right behind the header, and rubbish after it: what lax readers let pass.
            { $0 = [0x6A] + $0[94..<126] + $0[1..<94] + [0x34, 0xCC] },
        ]
        for change in changes {
            var block = good
            change(&block)
            #expect(try verdict(sign(block), nonce: Self.nonce) == nil)
        }
        #expect(try verdict([], nonce: Self.nonce) == nil)
        #expect(try verdict([UInt8](repeating: 0xFF, count: 128), nonce: Self.nonce) == nil)
    }

    // MARK: ECDSA

    @Test("ECDSA: the infos' hash function counts; without one any does; other lengths and zeros are no signatures")
    func ecdsa() throws {
        let key = try SigningKey.ecdsa(on: .brainpoolP256r1)
        let group = TLV.encode(0x6F, try key.publicKey())
        let nonce = Self.nonce
        func outcome(_ signature: [UInt8], _ hash: HashFunction?) throws -> ActiveAuthentication.Step {
            var infos = SecurityInfos()
            infos.activeAuthenticationHash = hash
            var machine = try ActiveAuthentication(dataGroup15: group, infos: infos, nonce: nonce)
            _ = machine.start()
            return machine.receive(APDU.Response(data: signature, status: .success))
        }
        func isForged(_ step: ActiveAuthentication.Step) -> Bool {
            if case .failed(.forged) = step { true } else { false }
        }
        let signature = try key.ecdsa(nonce, hash: .sha384)
        guard case .genuine(.ecdsa(.sha384)) = try outcome(signature, nil) else { throw Unexpected() }
        guard case .genuine(.ecdsa(.sha384)) = try outcome(signature, .sha384) else { throw Unexpected() }
        #expect(isForged(try outcome(signature, .sha256)))
        for bad in [[], [0], Array(signature.dropLast()), [UInt8](repeating: 0, count: 64), signature + signature] {
            #expect(isForged(try outcome(bad, nil)))
        }
        for bit in stride(from: 0, to: 512, by: 29) {
            var altered = signature
            altered[bit / 8] ^= 1 << (bit % 8)
            #expect(isForged(try outcome(altered, .sha384)))
        }
    }

    @Test("DG15 that holds no such key is told as such")
    func unusable() throws {
        for bytes in [[], hex("6F00"), hex("6F03020101"), hex("6E00")] {
            #expect(throws: ActiveAuthentication.Failure.self) { try ActiveAuthentication(dataGroup15: bytes) }
        }
        let small = TLV.encode(0x6F, try SigningKey.rsa(bits: 512).publicKey())
        #expect(throws: ActiveAuthentication.Failure.unusableKey("RSA with 512 bits")) {
            try ActiveAuthentication(dataGroup15: small)
        }
    }
}
