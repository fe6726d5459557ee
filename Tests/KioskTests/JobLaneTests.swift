import Synchronization
import Testing

@testable import Kiosk

@Suite("Work that waits for its turn")
struct JobLaneTests {
    @Test("at most so much runs at once, in the order in which it came", arguments: [1, 2])
    func limit(_ limit: Int) async throws {
        let lane = JobLane(limit: limit, priority: .medium)
        let running = Mutex(0)
        let (begun, beginning) = AsyncStream.makeStream(of: Int.self)
        let most = Mutex(0)
        for number in 0..<8 {
            lane.add("\(number)") {
                let now = running.withLock { running in
                    running += 1
                    return running
                }
                most.withLock { $0 = max($0, now) }
                beginning.yield(number)
                for _ in 0..<20 { await Task.yield() }
                running.withLock { $0 -= 1 }
            }
        }
        var order: [Int] = []
        for await number in begun {
            order.append(number)
            if order.count == 8 { break }
        }
        #expect(most.withLock { $0 } <= limit)
        #expect(limit > 1 ? Set(order) == Set(0..<8) : order == Array(0..<8))
    }

    @Test("what is cancelled before its turn never begins; the others do")
    func cancelled() async throws {
        let lane = JobLane(limit: 1, priority: .medium)
        let gate = WorkGate()
        let (begun, beginning) = AsyncStream.makeStream(of: String.self)
        lane.add("first") { await gate.pass() }
        for id in ["second", "third"] {
            lane.add(id) {
                beginning.yield(id)
                beginning.finish()
            }
        }
        lane.cancel("second")
        gate.open()
        var order: [String] = []
        for await id in begun { order.append(id) }
        #expect(order == ["third"])
    }

    @Test("the end cancels what runs and forgets what waits")
    func end() async throws {
        let lane = JobLane(limit: 1, priority: .medium)
        let gate = WorkGate()
        let (ended, end) = AsyncStream.makeStream(of: Bool.self)
        lane.add("first") {
            await gate.pass()
            end.yield(Task.isCancelled)
        }
        lane.add("second") { end.yield(false) }
        lane.cancelAll()
        lane.add("last") { end.finish() }
        var cancelled: [Bool] = []
        for await was in ended { cancelled.append(was) }
        #expect(cancelled == [true])
    }
}
