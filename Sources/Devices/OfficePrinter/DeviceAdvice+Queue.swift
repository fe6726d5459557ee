import Peripherals

extension DeviceAdvice {
    static func list(_ snapshot: PrinterSnapshot, queue: String) -> [DeviceAdvice] {
        var advice: [DeviceAdvice] = []
        // With `abort-job` paper out loses the job, with `stop-printer` the queue stays stopped for every other program.
        if let policy = snapshot.errorPolicy, policy != "retry-current-job" {
            advice.append(
                DeviceAdvice(
                    detail: "after an error the queue \(queue) does \(policy)",
                    remedy: "Let it try again: lpadmin -p \(queue) -o printer-error-policy=retry-current-job"))
        }
        if snapshot.has(.missingJobHistory) {
            advice.append(
                DeviceAdvice(
                    detail: "the printer of queue \(queue) lost a job when it was switched off or restarted",
                    remedy: "Restart CUPS to clear this (systemctl restart cups), so that the next loss can be seen."))
        }
        if !snapshot.keepsEvents {
            advice.append(
                DeviceAdvice(
                    detail: "the server of queue \(queue) keeps no events",
                    remedy: "Nothing: the queue is asked every few seconds instead."))
        }
        return advice
    }
}
