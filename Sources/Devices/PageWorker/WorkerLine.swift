/// A job on its way to a worker, or the answer to it: both begin with the job's number, for example `7 {"written":{}}`. What
/// libraries print has none, and what comes late has another: neither is taken for the answer to a job.
struct WorkerLine: Equatable, CustomStringConvertible {
    let number: Int
    /// A JSON object.
    let text: String

    init(number: Int, text: String) {
        self.number = number
        self.text = text
    }

    /// - Returns: nil for a line of anybody else's.
    init?(_ line: String) {
        let parts = line.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, let number = Int(parts[0]), parts[1].hasPrefix("{") else { return nil }
        self.init(number: number, text: String(parts[1]))
    }

    /// Without the line feed.
    var description: String { "\(number) \(text)" }
}
