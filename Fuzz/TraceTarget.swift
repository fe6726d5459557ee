import IdentityCard

extension FuzzTarget {
    /// A trace that somebody sent in, before it is run again.
    static let trace = FuzzTarget(name: "trace", longest: 32_768) { bytes in
        guard let text = String(validating: bytes, as: UTF8.self), let trace = try? CardTrace(text: text) else {
            return
        }
        guard let again = try? trace.text(), let same = try? CardTrace(text: again) else {
            preconditionFailure("a trace that was read cannot be written and read again")
        }
        precondition(same.events.count == trace.events.count && same.outcome == trace.outcome)
    }
}
