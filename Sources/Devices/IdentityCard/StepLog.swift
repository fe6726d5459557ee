import Peripherals

/// What each step of a reading took: time, commands, bytes. Pure.
struct StepLog {
    private(set) var steps: [CardReadResult.Step] = []
    private var began: Duration
    private var commands = 0
    private var bytes = 0

    init(at now: Duration) { began = now }

    /// Ends a step: it took what was spent since the one before. A second part of the same step is added to the first.
    mutating func note(_ name: String, at now: Duration, commands total: Int, bytes totalBytes: Int) {
        let step = CardReadResult.Step(
            name: name, duration: now - began, commands: total - commands, bytes: totalBytes - bytes)
        (began, commands, bytes) = (now, total, totalBytes)
        guard let index = steps.firstIndex(where: { $0.name == name }) else {
            steps.append(step)
            return
        }
        steps[index].duration += step.duration
        steps[index].commands += step.commands
        steps[index].bytes += step.bytes
    }
}
