import USB

/// Which transfer of which endpoint runs, waits, or is taken back. Pure: the connection runs the transfers.
///
/// An endpoint works on one transfer at a time, as a real one does; endpoint 0 has one queue for both directions.
struct TransferQueues: Sendable {
    private struct Queue {
        var running: UInt32?
        var waiting: [USBIPSubmit] = []
    }

    /// What an unlink means now.
    enum Unlink: Equatable {
        /// It had not begun: it never will.
        case removed
        /// It runs: cancel it; how it ends decides the answer.
        case cancel
        /// Its result was sent before, or it never was.
        case tooLate
    }

    private var queues: [UInt8: Queue] = [:]
    /// Unlink requests that wait for their running transfer to end: target, then the unlink's own number.
    private var unlinks: [UInt32: UInt32] = [:]

    /// - Returns: the transfer, if it can begin at once.
    mutating func add(_ submit: USBIPSubmit) -> USBIPSubmit? {
        let key = Self.key(submit.endpoint)
        guard queues[key]?.running == nil else {
            queues[key]?.waiting.append(submit)
            return nil
        }
        queues[key, default: Queue()].running = submit.seqnum
        return submit
    }

    mutating func unlink(_ target: UInt32, by seqnum: UInt32) -> Unlink {
        for key in queues.keys {
            if let index = queues[key]?.waiting.firstIndex(where: { $0.seqnum == target }) {
                queues[key]?.waiting.remove(at: index)
                return .removed
            }
            if queues[key]?.running == target {
                unlinks[target] = seqnum
                return .cancel
            }
        }
        return .tooLate
    }

    /// Ends the running transfer.
    /// - Returns: the unlink that waits for it, if any, and the endpoint's next transfer.
    mutating func finished(_ submit: USBIPSubmit) -> (unlink: UInt32?, next: USBIPSubmit?) {
        let key = Self.key(submit.endpoint)
        let unlink = unlinks.removeValue(forKey: submit.seqnum)
        guard queues[key]?.running == submit.seqnum else { return (unlink, nil) }
        queues[key]?.running = nil
        guard let waiting = queues[key]?.waiting, !waiting.isEmpty else { return (unlink, nil) }
        let next = waiting[0]
        queues[key]?.waiting.removeFirst()
        queues[key]?.running = next.seqnum
        return (unlink, next)
    }

    private static func key(_ endpoint: UInt8) -> UInt8 { endpoint & 0x7F == 0 ? 0 : endpoint }
}
