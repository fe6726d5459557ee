import CardCryptography
import IdentityCard
import SmartCard

extension FuzzTarget {
    /// A card's answers to PACE, basic access control and secure messaging, before anything about it is known.
    static let opening = FuzzTarget(name: "opening", longest: 4096) { bytes in
        guard let choice = bytes.first else { return }
        let answers = Pieces(bytes.dropFirst()).compactMap { APDU.Response(bytes: $0) }
        agree(answers, choice)
        authenticate(answers)
        for cipher in [CardCipher.aes128, .tripleDES] {
            var session = SecureMessaging(
                cipher: cipher, encryptionKey: [UInt8](repeating: 1, count: 16),
                authenticationKey: [UInt8](repeating: 2, count: 16))
            for answer in answers {
                // Nobody guesses a code of eight bytes.
                precondition((try? session.unprotect(answer)) == nil)
            }
        }
    }

    private static let infos = [
        (PACEAlgorithm.Mapping.ecdhGeneric, 13), (.ecdhIntegrated, 12), (.ecdhChipAuthentication, 13), (.dhGeneric, 0),
    ].map { PACEInfo(algorithm: PACEAlgorithm(mapping: $0.0, cipher: .aes128), parameter: $0.1) }

    private static func agree(_ answers: [APDU.Response], _ choice: UInt8) {
        let secrets = PACE.Secrets(
            mapping: [UInt8](repeating: 3, count: 32), agreement: [UInt8](repeating: 4, count: 32))
        let info = infos[Int(choice) % infos.count]
        guard var pace = try? PACE(info, password: .can("123456"), secrets: secrets) else { return }
        var step = pace.start()
        for answer in answers {
            guard case .send = step else { return }
            step = pace.receive(answer)
        }
    }

    private static func authenticate(_ answers: [APDU.Response]) {
        let secrets = BasicAccess.Secrets(nonce: [UInt8](repeating: 5, count: 8), key: [UInt8](repeating: 6, count: 16))
        guard var access = try? BasicAccess(keyInput: "090123456290010113001019", secrets: secrets) else { return }
        var step = access.start()
        for answer in answers {
            guard case .send = step else { return }
            step = access.receive(answer)
        }
    }
}
