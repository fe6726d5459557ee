import Foundation
import HallQueue

/// A hall with two counters, whose queue is a list of numbers.
actor ScriptedDesk: HallDesk {
    private var waiting: [String]
    private var current: [Int: String] = [:]
    private var announcement = 0
    private var calls: [HallDisplay.Call] = []
    private var displayWatchers: [AsyncStream<HallDisplay>.Continuation] = []
    private var counterWatchers: [Int: [AsyncStream<CounterView>.Continuation]] = [:]

    init(waiting: [String]) { self.waiting = waiting }

    var counters: [(number: Int, label: String)] { [(1, "Quầy 1"), (2, "Quầy 2")] }

    func displays() async -> AsyncStream<HallDisplay> {
        let (stream, continuation) = AsyncStream.makeStream(of: HallDisplay.self)
        continuation.yield(display)
        displayWatchers.append(continuation)
        return stream
    }

    func views(counter: Int) async throws -> AsyncStream<CounterView> {
        let now = try view(counter)
        let (stream, continuation) = AsyncStream.makeStream(of: CounterView.self)
        continuation.yield(now)
        counterWatchers[counter, default: []].append(continuation)
        return stream
    }

    func callNext(counter: Int) async throws -> CounterView {
        guard try view(counter).current == nil else { throw CounterError.counterBusy }
        guard !waiting.isEmpty else { throw CounterError.nobodyWaits }
        let number = waiting.removeFirst()
        current[counter] = number
        announce(number, at: counter)
        return try publish(counter)
    }

    func recall(counter: Int) async throws -> CounterView {
        guard let number = try view(counter).current?.number else { throw CounterError.noTicketAtCounter }
        announce(number, at: counter)
        return try publish(counter)
    }

    func finish(counter: Int) async throws -> CounterView {
        guard try view(counter).current != nil else { throw CounterError.noTicketAtCounter }
        current[counter] = nil
        return try publish(counter)
    }

    func noShow(counter: Int) async throws -> CounterView { try await finish(counter: counter) }

    private var display: HallDisplay {
        HallDisplay(title: "Một cửa", calls: calls, waiting: waiting.count, announcement: announcement)
    }

    private func view(_ counter: Int) throws -> CounterView {
        guard (1...2).contains(counter) else { throw CounterError.unknownCounter }
        return CounterView(
            counter: counter, label: "Quầy \(counter)", current: current[counter].map(entry),
            waiting: waiting.map(entry),
            notices: [])
    }

    private func entry(_ number: String) -> CounterView.Entry {
        CounterView.Entry(
            ticket: UUID(), number: number, isPriority: number.hasPrefix("U"), className: "Thường", procedure: nil,
            issuedAt: Date(timeIntervalSince1970: 1_800_000_000))
    }

    private func announce(_ number: String, at counter: Int) {
        announcement += 1
        calls.insert(
            HallDisplay.Call(
                number: number, counter: "\(counter)", calledAt: Date(timeIntervalSince1970: 1_800_000_000),
                isPriority: number.hasPrefix("U")), at: 0)
    }

    private func publish(_ counter: Int) throws -> CounterView {
        for watcher in displayWatchers { watcher.yield(display) }
        let now = try view(counter)
        for watcher in counterWatchers[counter] ?? [] { watcher.yield(now) }
        return now
    }
}
