import Foundation
import Peripherals

/// The inside of a worker program: one job is read, done and answered.
public enum WorkerRequest {
    /// Takes a job from the standard input, whose end cancels, and prints the answer.
    ///
    /// - Parameter seconds: of processor time.
    /// - Returns: whether it went well.
    public static func answer(within seconds: Int, _ work: (PageJob) throws(PageError) -> PageAnswer) -> Bool {
        WorkerSandbox.enter(seconds: seconds)
        let answer = readAnswer(work)
        guard let line = try? answer.line() else { return false }
        print(line)
        return answer.error == nil
    }

    private static func readAnswer(_ work: (PageJob) throws(PageError) -> PageAnswer) -> PageAnswer {
        guard let job = readLine().flatMap(PageJob.init(line:)) else {
            return PageAnswer(.failed("the request is no job of a page: see the README of PageWorker"))
        }
        WorkerSandbox.endWithInput()
        do { return try work(job) } catch { return PageAnswer(error) }
    }
}
