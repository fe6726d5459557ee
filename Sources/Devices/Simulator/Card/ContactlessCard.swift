/// A simulated chip at the end of a modelled link: what it says, and when. Pure.
public struct ContactlessCard: Sendable {
    public private(set) var chip: SimulatedChip
    public let link: ContactlessLink
    public let speed: ChipSpeed
    /// Modelled, since the card came into the field.
    public private(set) var elapsed = Duration.zero
    /// The part of it that went into key agreement.
    public private(set) var agreement = Duration.zero
    public private(set) var commands = 0
    /// Both ways, status words included.
    public private(set) var bytes = 0

    public init(_ chip: SimulatedChip, link: ContactlessLink, speed: ChipSpeed = ChipSpeed()) {
        self.chip = chip
        self.link = link
        self.speed = speed
    }

    public mutating func process(_ command: [UInt8]) -> [UInt8] {
        let reaction = chip.process(command)
        let work = speed.work(command: command, response: reaction.bytes)
        elapsed += link.exchange(
            command: command.count, response: reaction.bytes.count, thinking: work.total + reaction.delay)
        agreement += work.agreement
        commands += 1
        bytes += command.count + reaction.bytes.count
        return reaction.bytes
    }

    /// Field off and on: REQA, anticollision, RATS and PPS take five milliseconds, with the reset of the chip.
    public mutating func reset() {
        chip.reset()
        elapsed += .milliseconds(5)
    }
}
