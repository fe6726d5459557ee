import Synchronization

@testable import IdentityCard

/// Which instructions a reading sent, in order.
final class SeenCommands: Sendable {
    private let list = Mutex<[CardExchange]>([])

    func note(_ exchange: CardExchange) { list.withLock { $0.append(exchange) } }

    var exchanges: [CardExchange] { list.withLock { $0 } }
    var names: [String] { exchanges.map { String($0.command.ins, radix: 16, uppercase: true) } }
}
