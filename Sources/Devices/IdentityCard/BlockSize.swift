import CardCryptography

/// How many bytes one READ BINARY asks for: begins with what the channel and the chip carry and steps down when the chip
/// refuses. What worked stays for the next file, and for the next card of the same kind.
public struct BlockSize: Sendable, Equatable {
    /// What a frame of 256 bytes carries (ISO/IEC 14443-4, 7.1): with a byte of protocol control and two check bytes around it.
    private static let frameContent = 253
    private static let shortSteps = [224, 192, 128, 96]

    private var steps: [Int]

    /// - Parameters:
    ///   - extended: the longest answer of one command with extended length; nil without it.
    ///   - short: the longest answer that fits a short response, which secure messaging makes smaller.
    public init(extended: Int?, short: Int) {
        steps = (extended.map { [$0] } ?? []).filter { $0 > short } + [short] + Self.shortSteps.filter { $0 < short }
    }

    public var current: Int { steps[0] }

    /// - Returns: false when nothing smaller is left.
    public mutating func stepDown() -> Bool {
        guard steps.count > 1 else { return false }
        steps.removeFirst()
        return true
    }

    /// Steps below a length that was refused.
    ///
    /// - Returns: false when nothing smaller is left.
    public mutating func stepBelow(_ refused: Int) -> Bool {
        while current >= refused {
            guard stepDown() else { return false }
        }
        return true
    }

    /// A limit that came to light otherwise: what the chip gave when it was asked for more.
    public mutating func limit(to size: Int) {
        guard size < current else { return }
        steps = [size] + steps.filter { $0 < size }
    }

    /// The most plain bytes that a protected response of this length carries: DO'87' with its padding, DO'99', DO'8E' and the
    /// status word (ICAO 9303-11, 9.8.4). One byte of padding goes with every full block of the cipher. Long responses are cut to
    /// whole frames of the link: a last frame with a few bytes costs nearly as much time as one of its own.
    public static func plain(within responseLength: Int, cipher: CardCipher) -> Int {
        let block = cipher.blockLength
        var length = min(responseLength, 0x1_0000)
        if length >= 4 * frameContent { length -= length % frameContent }
        let room = length - 2 - 10 - 4 - (1 + 3 + 1)
        return room / block * block - 1
    }
}
