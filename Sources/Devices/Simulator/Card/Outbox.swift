/// What a device wants to send on one endpoint: whole messages, handed out in pieces of what the host asks for.
struct Outbox {
    private var messages: [[UInt8]] = []
    private var waiting: [Int: CheckedContinuation<Void, Never>] = [:]
    private var nextWaiter = 0

    mutating func post(_ message: [UInt8]) {
        messages.append(message)
        wakeAll()
    }

    var isEmpty: Bool { messages.isEmpty }

    /// - Returns: nil when there is nothing to send.
    mutating func take(maximum: Int) -> [UInt8]? {
        guard !messages.isEmpty else { return nil }
        let piece = Array(messages[0].prefix(maximum))
        if piece.count == messages[0].count { messages.removeFirst() } else { messages[0].removeFirst(piece.count) }
        return piece
    }

    mutating func clear() { messages = [] }

    mutating func ticket() -> Int {
        nextWaiter += 1
        return nextWaiter
    }

    mutating func park(_ ticket: Int, _ continuation: CheckedContinuation<Void, Never>) {
        waiting[ticket] = continuation
    }

    mutating func wake(_ ticket: Int) { waiting.removeValue(forKey: ticket)?.resume() }

    mutating func wakeAll() {
        for continuation in waiting.values { continuation.resume() }
        waiting = [:]
    }
}
