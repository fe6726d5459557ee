import Foundation
import Peripherals

/// How long each part of a scan may take.
public struct ScanLimits: Sendable, Equatable {
    /// From the start of the process until the scanner is open.
    public var opening: Duration
    /// From there, and from each page, to the next page or the end. Back ends have no time-out of their own.
    public var page: Duration
    /// From the request to stop until the process is killed. A back end uses it to tell the scanner.
    public var stopping: Duration

    public init(
        opening: Duration = .seconds(20), page: Duration = .seconds(60), stopping: Duration = .seconds(2)
    ) {
        self.opening = opening
        self.page = page
        self.stopping = stopping
    }
}

/// What the daemon does with one run of `kiosk-scan`. It does no I/O: the driver feeds it what happened and carries
/// out what it returns.
///
/// ```
/// opening ──opened──▶ scanning ──done, failed──▶ ending ──exited──▶ over
///    └──── deadline ────┴──▶ killed ──exited──▶ over (timed out)
///    └──── cancel ──────┴──▶ stopping ──deadline──▶ killed; ──exited──▶ over (cancelled)
/// ```
public struct ScanSupervision: Sendable {
    public enum Input: Sendable, Equatable {
        case line(String)
        /// The deadline that was allowed last has passed.
        case deadline
        /// Whoever asked for the scan no longer wants it.
        case cancel
        /// The standard output ended: the process is gone, or about to be.
        case exited
    }

    public enum Action: Sendable, Equatable {
        /// Replace the deadline by one that starts now.
        case allow(Duration)
        case found(FoundScanner)
        case opened(FoundScanner)
        case page(file: String, width: Int, height: Int, resolution: Int)
        case condition(ScannerCondition)
        case abilities(ScannerAbilities)
        /// Ask the process to stop; it tells the scanner.
        case stop
        /// End the process, whatever it does.
        case kill
        /// The run is over: nil for a good end.
        case over(ScanError?)
    }

    private enum State: Equatable {
        case opening
        case scanning
        /// The process has said how it ended, and has only to leave.
        case ending(ScanError?)
        case stopping
        case killed(ScanError?)
        case over
    }

    private let limits: ScanLimits
    private let maximumPages: Int
    private var state = State.opening
    private var pages = 0
    private var noise = 0
    /// What the device said last; `unknown` until it said something.
    public private(set) var condition = ScannerCondition.unknown

    /// Lines that are no events before the process is taken for broken.
    static let noiseLimit = 10_000

    public init(limits: ScanLimits, maximumPages: Int) {
        self.limits = limits
        self.maximumPages = maximumPages
    }

    /// The process has been started.
    public func start() -> [Action] { [.allow(limits.opening)] }

    public mutating func handle(_ input: Input) -> [Action] {
        switch (state, input) {
        case (.over, _): return []
        case (_, .exited): return exit()
        case (.opening, .line(let line)), (.scanning, .line(let line)): return read(line)
        case (_, .line): return []
        case (.opening, .deadline), (.scanning, .deadline): return kill(.timedOut)
        case (.ending(let error), .deadline): return kill(error)
        case (.stopping, .deadline): return kill(.cancelled)
        case (.opening, .cancel), (.scanning, .cancel):
            state = .stopping
            return [.stop, .allow(limits.stopping)]
        case (.ending, .cancel), (.stopping, .cancel), (.killed, .cancel), (.killed, .deadline): return []
        }
    }

    private mutating func read(_ line: String) -> [Action] {
        guard let event = ScanEvent(line: line) else {
            noise += 1
            return noise > Self.noiseLimit ? kill(.failed("kiosk-scan floods its output")) : []
        }
        switch event {
        case .device(let device): return [.found(device)]
        case .opened(let device):
            guard state == .opening else { return [] }
            state = .scanning
            condition = .ready
            return [.opened(device), .allow(limits.page)]
        case .page(let file, let width, let height, let resolution):
            pages += 1
            guard pages <= maximumPages else { return kill(.failed("more than \(maximumPages) pages in one batch")) }
            return [
                .page(file: file, width: width, height: height, resolution: resolution), .allow(limits.page),
            ]
        case .status(let condition):
            self.condition = condition
            return [.condition(condition)]
        case .abilities(let abilities): return [.abilities(abilities)]
        case .done: return end(nil)
        case .failed(let error): return end(error)
        }
    }

    private mutating func end(_ error: ScanError?) -> [Action] {
        if case .device(let condition) = error { self.condition = condition }
        state = .ending(error)
        return [.allow(limits.stopping)]
    }

    private mutating func kill(_ error: ScanError?) -> [Action] {
        state = .killed(error)
        return [.kill]
    }

    private mutating func exit() -> [Action] {
        defer { state = .over }
        switch state {
        case .opening, .scanning:
            return [.over(.failed("kiosk-scan ended without a word; the SANE back end has probably crashed"))]
        case .ending(let error), .killed(let error): return [.over(error)]
        case .stopping: return [.over(.cancelled)]
        case .over: return []
        }
    }
}
