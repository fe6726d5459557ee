import SmartCard

extension FuzzTarget {
    /// What a reader sends: its descriptor, interrupt messages, and frames in answer to an exchange.
    static let ccid = FuzzTarget(name: "ccid", longest: 65_536) { bytes in
        _ = CCIDDescriptor(bytes)
        for slot in [UInt8(0), 1, 255] { _ = CCIDNotification(bytes, slot: slot) }
        _ = try? CCIDMessage(frame: bytes, maximum: 271)
        guard let first = bytes.first else { return }
        let requests: [CCIDExchange.Request] = [
            .slotStatus, .powerOn, .powerOff, .abort, .transmit([0, 0xB0, 0, 0, 0]),
            .transmit([UInt8](repeating: 1, count: 600)),
        ]
        exchange(requests[Int(first) % requests.count], isSloppy: first & 0x80 != 0, Pieces(bytes.dropFirst()))
    }

    /// - Parameter isSloppy: the frames keep their own sequence numbers; else they get the one that is waited for.
    private static func exchange(_ request: CCIDExchange.Request, isSloppy: Bool, _ frames: Pieces) {
        var exchange = CCIDExchange(
            request, slot: 0, after: 7, maximum: 271, mayChain: true, patience: .milliseconds(100))
        var step = exchange.start()
        var frames = frames
        // Every way ends: stale frames, time extensions, silence are all counted.
        for _ in 0..<1000 {
            switch step {
            case .send(let message, _): precondition(message.count <= 271)
            case .wait: break
            case .abort(_, _, let message, _): precondition(message.count == CCIDMessage.headerLength)
            case .finished(let reply):
                precondition(reply.data.count <= CCIDExchange.answerLimit)
                return
            case .failed: return
            }
            guard var frame = frames.next() else {
                step = exchange.receiveNothing()
                continue
            }
            if !isSloppy, frame.count > 6 { (frame[5], frame[6]) = (0, exchange.sequence) }
            step = exchange.receive(frame)
        }
        preconditionFailure("an exchange that never ends")
    }
}
