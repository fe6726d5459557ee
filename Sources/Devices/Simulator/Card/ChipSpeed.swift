/// How long a chip computes: a model. The standard values are those of a fast chip of the present, with an operating system of
/// its own and coprocessors for AES and curves; they are assumed, not measured.
public struct ChipSpeed: Sendable, Hashable {
    /// From the last byte of a command to the first of its answer, apart from cryptography: dispatch, access rules, memory.
    public var latency: Duration
    /// One AES block of 16 bytes, once through encryption or through the authentication code.
    public var block: Duration
    /// One multiplication of a point of a 256-bit curve; other sizes cost by the power of 2.5.
    public var pointMultiplication: Duration
    public var curveBits: Int

    public init(
        latency: Duration = .microseconds(400), block: Duration = .microseconds(8),
        pointMultiplication: Duration = .milliseconds(25), curveBits: Int = 256
    ) {
        self.latency = latency
        self.block = block
        self.pointMultiplication = pointMultiplication
        self.curveBits = curveBits
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
        return Work(agreement: multiplication * multiplications(command, isProtected), rest: rest)
    }

    private var multiplication: Duration {
        let scale = Double(curveBits) / 256
        return pointMultiplication * (scale * scale * scale.squareRoot())
    }

    private func multiplications(_ command: [UInt8], _ isProtected: Bool) -> Int {
        switch (command[1], isProtected) {
        // Chip authentication: one agreement, by GENERAL AUTHENTICATE or by MSE:Set KAT; active authentication: one signature.
        case (0x86, true), (0x88, _): return 1
        case (0x22, true): return command[2] == 0x41 && command[3] == 0xA6 ? 1 : 0
        case (0x86, false):
            // PACE with generic mapping: 81 key pair, agreement and new generator; 83 key pair and agreement.
            guard command.count > 7 else { return 0 }
            return [0x81: 3, 0x83: 2][command[7]] ?? 0
        default: return 0
        }
    }
}
