/// Lets one task of an actor in at a time, in the order of arrival, also across suspensions.
///
/// Belongs to one actor and is never sent elsewhere. A task that is cancelled while it waits still gets its turn; its
/// first transfer then ends it.
public final class Turnstile {
    private var isOccupied = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    public init() {}

    public func enter(isolation: isolated (any Actor)? = #isolation) async {
        guard isOccupied else {
            isOccupied = true
            return
        }
        await withCheckedContinuation { waiting.append($0) }
    }

    public func leave() {
        if waiting.isEmpty { isOccupied = false } else { waiting.removeFirst().resume() }
    }
}
