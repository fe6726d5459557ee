import Simulator
import SmartCard

/// A simulated chip as a card channel, without reader and USB.
actor ChipChannel: CardChannel {
    private var chip: SimulatedChip?
    private var away: SimulatedChip?
    private let isExtended: Bool
    private var commandsUntilRemoval: Int?
    private(set) var commands = 0

    init(_ chip: SimulatedChip, isExtended: Bool = true) {
        self.chip = chip
        self.isExtended = isExtended
    }

    var maximumCommandLength: Int { isExtended ? 65_544 : 261 }

    func removeAfter(_ count: Int) { commandsUntilRemoval = count }

    func insertAgain() {
        chip = chip ?? away
        chip?.reset()
        commandsUntilRemoval = nil
        commands = 0
    }

    func transmit(
        _ command: APDU.Command, deadline: Duration
    ) async throws(SmartCardError) -> APDU.Response {
        if commandsUntilRemoval == commands, let chip {
            away = chip
            self.chip = nil
        }
        guard var chip else { throw .removed }
        commands += 1
        let reaction = chip.process(command.bytes)
        self.chip = chip
        guard let response = APDU.Response(bytes: reaction.bytes) else { throw .reader("no status") }
        return response
    }

    func resetCard() async throws(SmartCardError) {
        guard chip != nil else { throw .removed }
        chip?.reset()
    }
}
