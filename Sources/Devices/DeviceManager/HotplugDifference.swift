import Peripherals
import USB

/// What to open and what to close when the set of devices changes: the difference of two sets, with a patience for
/// devices that cannot be used. Pure; moments are durations since any fixed one.
///
/// A role is played by one device at a time. The next one is opened only after the session with the one before has
/// ended, so that a driver never meets a device that another still holds.
public struct HotplugDifference: Sendable {
    public enum Action: Sendable, Equatable {
        case open(DeviceRole, USBDeviceInfo)
        /// End the session with this device. `ended` must follow.
        case close(DeviceRole, USBDeviceInfo)
    }

    /// How long a device that failed is left alone: doubled with each failure in a row.
    public struct BackOff: Sendable, Equatable {
        public var first: Duration
        public var longest: Duration

        public init(first: Duration = .milliseconds(250), longest: Duration = .seconds(30)) {
            self.first = first
            self.longest = longest
        }

        /// - Parameter failures: at least 1.
        public func wait(after failures: Int) -> Duration {
            // 2^20 times anything is longer than any longest.
            min(longest, first * (1 << min(max(failures - 1, 0), 20)))
        }
    }

    private struct Candidate: Hashable {
        var role: DeviceRole
        var device: USBDeviceInfo
    }

    private struct Retry {
        var failures: Int
        var at: Duration
    }

    private let roles: [DeviceRole]
    private let rank: @Sendable (DeviceRole, USBDeviceInfo) -> Int?
    private let backOff: BackOff
    private var present: Set<USBDeviceInfo> = []
    /// Sessions that run or are being ended.
    private var sessions: [DeviceRole: USBDeviceInfo] = [:]
    private var retries: [Candidate: Retry] = [:]

    /// - Parameter rank: how well a device fits a role, 0 best; nil when it cannot play it.
    public init(
        roles: [DeviceRole], backOff: BackOff = BackOff(),
        rank: @escaping @Sendable (DeviceRole, USBDeviceInfo) -> Int?
    ) {
        self.roles = roles
        self.backOff = backOff
        self.rank = rank
    }

    /// The whole set as it is now.
    public mutating func see(_ devices: Set<USBDeviceInfo>, at now: Duration) -> [Action] {
        present = devices
        retries = retries.filter { devices.contains($0.key.device) }
        let gone = roles.compactMap { role in
            sessions[role].flatMap { devices.contains($0) ? nil : Action.close(role, $0) }
        }
        return gone + openings(at: now)
    }

    /// A session has ended, by itself or because it was closed.
    /// - Parameter wasReady: whether the device served at all; a device that never did is left alone ever longer.
    public mutating func ended(
        _ role: DeviceRole, _ device: USBDeviceInfo, wasReady: Bool, at now: Duration
    ) -> [Action] {
        guard sessions[role] == device else { return [] }
        sessions[role] = nil
        let candidate = Candidate(role: role, device: device)
        if present.contains(device) {
            let failures = wasReady ? 1 : (retries[candidate]?.failures ?? 0) + 1
            retries[candidate] = Retry(failures: failures, at: now + backOff.wait(after: failures))
        }
        return openings(at: now)
    }

    /// Some time has passed.
    public mutating func wake(at now: Duration) -> [Action] { openings(at: now) }

    /// When `wake` is worth calling; nil when nothing waits for time to pass.
    public var nextWake: Duration? {
        retries.filter { sessions[$0.key.role] == nil }.map(\.value.at).min()
    }

    /// Whether some device that may play the role is there, served or not.
    public func hasCandidate(_ role: DeviceRole) -> Bool {
        present.contains { rank(role, $0) != nil }
    }

    private mutating func openings(at now: Duration) -> [Action] {
        var actions: [Action] = []
        for role in roles where sessions[role] == nil {
            guard let device = best(for: role, at: now) else { continue }
            sessions[role] = device
            actions.append(.open(role, device))
        }
        return actions
    }

    private func best(for role: DeviceRole, at now: Duration) -> USBDeviceInfo? {
        let taken = Set(sessions.values)
        return present.compactMap { device -> (rank: Int, device: USBDeviceInfo)? in
            guard !taken.contains(device), let rank = rank(role, device) else { return nil }
            if let retry = retries[Candidate(role: role, device: device)], retry.at > now { return nil }
            return (rank, device)
        }
        // Of equals the one that failed least, then by port, so that the choice is the same each time.
        .min {
            ($0.rank, failures(role, $0.device), $0.device.port) < ($1.rank, failures(role, $1.device), $1.device.port)
        }?.device
    }

    private func failures(_ role: DeviceRole, _ device: USBDeviceInfo) -> Int {
        retries[Candidate(role: role, device: device)]?.failures ?? 0
    }
}
