import Foundation
import Store
import Synchronization
import TestSupport

@testable import HallQueue

/// A clock that the test turns.
final class TestClock: Sendable {
    private let date: Mutex<Date>
    init(_ date: Date) { self.date = Mutex(date) }
    var now: Date { date.withLock { $0 } }
    func advance(_ seconds: Double) { date.withLock { $0 = $0.addingTimeInterval(seconds) } }
    func set(_ new: Date) { date.withLock { $0 = new } }
}

/// A hall with two classes and three counters in a folder of its own.
struct HallFixture {
    static let configuration = HallConfiguration(
        hall: "23710", title: "Bộ phận Một cửa",
        classes: [
            QueueClass(id: "ordinary", name: "Thường", series: "A", rate: 1, isPriority: false),
            QueueClass(id: "priority", name: "Ưu tiên", series: "B", rate: 3, isPriority: true),
        ],
        counters: [
            .init(number: 1, label: "1"), .init(number: 2, label: "2"),
            .init(number: 3, label: "3", reservedFor: "priority"),
        ])

    let folder = TemporaryFolder()
    /// 24 November 2026, 08:00 in Viet Nam.
    let clock = TestClock(Date(timeIntervalSince1970: 1_795_482_000))
    let queue: HallQueue
    let store: Store

    init() throws { (queue, store) = try Self.open(folder, clock) }

    /// The same hall after a restart.
    func reopened() throws -> HallQueue { try Self.open(folder, clock).0 }

    private static func open(_ folder: TemporaryFolder, _ clock: TestClock) throws -> (HallQueue, Store) {
        let store = try Store(
            file: folder.url.appending(path: "kiosk.sqlite"), modules: [HallQueue.schema], now: { clock.now })
        return (HallQueue(configuration: configuration, store: store), store)
    }

    func waiting(_ queueClass: String = "ordinary", dossier: String? = nil) async throws -> Ticket {
        let ticket = try await queue.reserve(TicketRequest(key: UUID(), queueClass: queueClass, dossier: dossier))
        return try await queue.confirm(ticket: ticket.id, proof: .printed)
    }
}
