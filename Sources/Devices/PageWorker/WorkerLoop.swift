import Foundation
import Peripherals

/// The inside of a worker program: jobs are read, done and answered, one after the other.
public enum WorkerLoop {
    /// Jobs of one process: what a library may lose with each never becomes much.
    public static let jobLimit = 20
    /// How long a process lives on after a job: what it still holds of an applicant's page is gone then.
    static let patience = DispatchTimeInterval.seconds(2)

    /// Takes jobs from the standard input, whose end ends the process at once, and prints an answer to each. After a job that
    /// failed it takes no more: whatever came of that page ends with the process.
    ///
    /// - Returns: whether all went well.
    public static func run(jobs: Int = jobLimit, _ work: (PageJob) throws(PageError) -> PageAnswer) -> Bool {
        let limits = WorkerSandbox.enter(jobs: jobs)
        let requests = RequestLines()
        for done in 0..<jobs {
            guard let line = requests.next(within: done == 0 ? nil : patience) else { return true }
            guard let request = WorkerLine(line), let job = PageJob(line: request.text) else {
                print("the request is no job of a page: see the README of PageWorker")
                return false
            }
            limits.beginJob()
            let answer = answer(to: job, work)
            guard let text = try? answer.line() else { return false }
            // A library may have printed the beginning of a line.
            print("\n\(WorkerLine(number: request.number, text: text))")
            fflush(nil)
            if answer.error != nil { return false }
        }
        return true
    }

    private static func answer(
        to job: PageJob, _ work: (PageJob) throws(PageError) -> PageAnswer
    ) -> PageAnswer {
        do { return try work(job) } catch { return PageAnswer(error) }
    }
}
