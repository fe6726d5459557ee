/// The time that bytes take between a contactless reader and a card: ISO/IEC 14443 type A, half duplex. Pure; a model, so that a
/// reading's cost can be told from its commands without a card. Frames are full and none is lost.
public struct ContactlessLink: Sendable, Hashable {
    public enum BitRate: Int, Sendable, CaseIterable {
        case kbit106 = 106
        case kbit212 = 212
        case kbit424 = 424
        case kbit848 = 848

        /// 14443-2: 128 periods of the carrier at the slowest rate, then half, a quarter, an eighth.
        var carrierPeriodsPerBit: Int {
            switch self {
            case .kbit106: 128
            case .kbit212: 64
            case .kbit424: 32
            case .kbit848: 16
            }
        }
    }

    public var toCard: BitRate
    public var fromCard: BitRate
    /// FSC and FSD: the longest frames that the card and the reader take, in bytes, with prologue and check bytes
    /// (14443-4, 5.2.3). 256 is what most of both have.
    public var frameSizeToCard: Int
    public var frameSizeFromCard: Int
    /// From the end of one frame to the start of the answer: at least 1172 periods of the carrier after a card's frame
    /// (14443-3, 6.2.1.2), and taken for the other direction, too.
    public var frameDelay: Duration

    public init(_ rate: BitRate, frameSize: Int = 256, frameDelay: Duration = Self.carrier(periods: 1172)) {
        toCard = rate
        fromCard = rate
        frameSizeToCard = frameSize
        frameSizeFromCard = frameSize
        self.frameDelay = frameDelay
    }

    /// 13.56 MHz.
    public static func carrier(periods: Int) -> Duration { .nanoseconds(Int64(periods) * 1_000_000 / 13_560) }

    /// PCB and two check bytes; no card identifier, no node address (14443-4, 7.1).
    static let blockOverhead = 3

    /// One frame: a start bit, eight bits and a parity bit a byte, an end bit (14443-3, 6.2.3.2).
    public func frame(_ bytes: Int, fromCard isFromCard: Bool) -> Duration {
        let rate = isFromCard ? fromCard : toCard
        let bits = 9 * bytes + 2
        // Above the slowest rate a card begins with 32 subcarrier cycles of 16 periods each (14443-2, 8.2.4).
        let preamble = isFromCard && rate != .kbit106 ? 32 * 16 : 0
        return Self.carrier(periods: bits * rate.carrierPeriodsPerBit + preamble)
    }

    /// A message of the application in one chain of blocks, each but the last acknowledged with R(ACK) (14443-4, 7.5.2).
    public func chain(_ bytes: Int, fromCard isFromCard: Bool) -> Duration {
        let room = (isFromCard ? frameSizeFromCard : frameSizeToCard) - Self.blockOverhead
        var time = Duration.zero
        var left = bytes
        while left > room {
            let acknowledgement = frame(Self.blockOverhead, fromCard: !isFromCard)
            time += frame(room + Self.blockOverhead, fromCard: isFromCard) + frameDelay + acknowledgement + frameDelay
            left -= room
        }
        return time + frame(left + Self.blockOverhead, fromCard: isFromCard)
    }

    /// A command, the card's thinking, its answer, and the pause before the next command.
    /// - Parameters:
    ///   - command: length in bytes; so is `response`, with its status word.
    public func exchange(command: Int, response: Int, thinking: Duration) -> Duration {
        chain(command, fromCard: false) + frameDelay + thinking + chain(response, fromCard: true) + frameDelay
    }

    /// What the link needs at least for so many bytes from the card: one unending chain of full frames, no command, no status
    /// word, no protection, no thinking.
    public func limit(_ bytes: Int) -> Duration { chain(bytes, fromCard: true) }
}
