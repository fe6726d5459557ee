import Testing
import USB

@testable import Simulator

@Suite("Transfer queues")
struct TransferQueuesTests {
    static func submit(_ seqnum: UInt32, _ endpoint: UInt8) -> USBIPSubmit {
        USBIPSubmit(seqnum: seqnum, deviceID: 1, endpoint: endpoint, length: 8)
    }

    @Test("an endpoint works on one transfer at a time, in order; endpoints do not wait for each other")
    func order() {
        var queues = TransferQueues()
        let (first, second, other) = (Self.submit(1, 0x81), Self.submit(2, 0x81), Self.submit(3, 0x02))
        #expect(queues.add(first) == first)
        #expect(queues.add(second) == nil)
        #expect(queues.add(other) == other)
        let next = queues.finished(first)
        #expect(next.next == second)
        #expect(next.unlink == nil)
        #expect(queues.finished(second).next == nil)
    }

    @Test("endpoint 0 has one queue for both directions")
    func control() {
        var queues = TransferQueues()
        #expect(queues.add(Self.submit(1, 0x00)) != nil)
        #expect(queues.add(Self.submit(2, 0x80)) == nil)
    }

    @Test("an unlink removes what waits, cancels what runs, and is too late for the rest")
    func unlink() {
        var queues = TransferQueues()
        let (first, second) = (Self.submit(1, 0x81), Self.submit(2, 0x81))
        _ = queues.add(first)
        _ = queues.add(second)
        #expect(queues.unlink(2, by: 10) == .removed)
        #expect(queues.unlink(1, by: 11) == .cancel)
        #expect(queues.unlink(9, by: 12) == .tooLate)
        let end = queues.finished(first)
        #expect(end.unlink == 11)
        #expect(end.next == nil)
        #expect(queues.unlink(1, by: 13) == .tooLate)
    }
}
