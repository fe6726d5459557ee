import Simulator
import SmartCard
import Synchronization

/// A simulated chip on a modelled link as a card channel, with the model's own clock: nothing waits, everything is added up.
final class ModelledCard: CardChannel {
    private let card: Mutex<ContactlessCard>
    let maximumCommandLength: Int

    /// - Parameter isExtended: whether the way to the card carries extended length.
    init(_ chip: SimulatedChip, link: ContactlessLink, speed: ChipSpeed, isExtended: Bool) {
        card = Mutex(ContactlessCard(chip, link: link, speed: speed))
        maximumCommandLength = isExtended ? 65_544 : 261
        card.withLock { $0.reset() }
    }

    var elapsed: Duration { card.withLock { $0.elapsed } }
    var agreement: Duration { card.withLock { $0.agreement } }
    var commands: Int { card.withLock { $0.commands } }
    var bytes: Int { card.withLock { $0.bytes } }

    func transmit(
        _ command: APDU.Command, deadline: Duration
    ) async throws(SmartCardError) -> APDU.Response {
        let answer = card.withLock { $0.process(command.bytes) }
        guard let response = APDU.Response(bytes: answer) else { throw .reader("no status word") }
        return response
    }

    func resetCard() async throws(SmartCardError) { card.withLock { $0.reset() } }
}
