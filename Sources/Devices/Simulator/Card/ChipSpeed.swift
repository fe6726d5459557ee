/// How long a chip computes: a model of a fast chip of the present with coprocessors for AES and curves.
///
/// Curves are as measured: JCAlgTest, results of the Centre for Research on Cryptography and Security, Masaryk University, card
/// "NXP JCOP4 J3R180 SECID P71" of 20 October 2021, 256 bits: key pair 26.8 ms, key agreement 20.0 ms. No card of the 46 in that
/// collection whose figure stands out of the noise does the agreement in less. AES and latency are of a native application and assumed;
/// the same card, through Java Card, takes 19 µs more for each block more.
public struct ChipSpeed: Sendable, Hashable {
    /// From the last byte of a command to the first of its answer, apart from cryptography: dispatch, access rules, memory.
    public var latency: Duration
    /// One AES block of 16 bytes, once through encryption or through the authentication code.
    public var block: Duration
    /// A new key pair on the curve.
    public var keyPair: Duration
    /// A secret key and a point multiplied.
    public var agreement: Duration

    public init(
        latency: Duration = .microseconds(400), block: Duration = .microseconds(8),
        keyPair: Duration = .microseconds(26_800), agreement: Duration = .microseconds(20_040)
    ) {
        self.latency = latency
        self.block = block
        self.keyPair = keyPair
        self.agreement = agreement
    }

    /// What a chip needs for one exchange, told by what goes over the air.
    public struct Work: Sendable, Equatable {
        /// Key agreement: no reader can save any of it.
        public var agreement: Duration
        /// Latency and secure messaging.
        public var rest: Duration

        public var total: Duration { agreement + rest }
    }

    public func work(command: [UInt8], response: [UInt8]) -> Work {
        guard command.count >= 4 else { return Work(agreement: .zero, rest: latency) }
        let isProtected = command[0] & 0x0C == 0x0C
        var rest = latency
        if isProtected {
            // Twice through each block of command and answer: encryption and code; two more blocks each for counter and vector.
            rest += block * (2 * (command.count / 16 + response.count / 16) + 4)
        }
        return Work(agreement: agreement(command, isProtected), rest: rest)
    }

    private func agreement(_ command: [UInt8], _ isProtected: Bool) -> Duration {
        switch (command[1], isProtected) {
        // Chip authentication: one agreement, by GENERAL AUTHENTICATE or by MSE:Set KAT; active authentication: one signature.
        case (0x86, true), (0x88, _): agreement
        case (0x22, true): command[2] == 0x41 && command[3] == 0xA6 ? agreement : .zero
        case (0x86, false):
            // PACE with generic mapping: 81 key pair, agreement and new generator; 83 key pair and agreement.
            switch command.count > 7 ? command[7] : 0 {
            case 0x81: keyPair + agreement * 2
            case 0x83: keyPair + agreement
            default: .zero
            }
        default: .zero
        }
    }
}
