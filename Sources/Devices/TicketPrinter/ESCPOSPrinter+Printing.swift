import Foundation
import Peripherals
import USB

/// A job from its picture to its end.
extension ESCPOSPrinter {
    /// The picture of a job on this paper.
    typealias Draw = @Sendable (PaperWidth) throws -> MonochromeBitmap

    func perform(_ id: UUID, _ journal: PrintJournal, draw: @escaping Draw) async -> PrintOutcome {
        guard await ensureOpen(), let link else { return .refused(state.value) }
        if capabilities.proof == .learn {
            let condition = await askStatus().condition
            guard condition.isReady else { return .refused(condition) }
            await clearUp()
            await learnProof()
        }
        // The printer is asked while the ticket is drawn: the applicant waits for both.
        async let drawing = drawn(on: capabilities.paper, draw)
        var asked = await isKnownReady(link) ? nil : await askStatus()
        guard let bitmap = await drawing else { return .refused(.unknown) }
        if asked == nil, state.value.isReady { asked = (state.value, []) }
        let fence = past.takeFence()
        var job = PrintJob(bitmap, capabilities: capabilities, fence: fence, limits: timings.job)
        let clock = ContinuousClock()
        let start = clock.now
        var step = job.begin()
        while true {
            let event: PrintJob.Event
            switch step {
            case .ended(let outcome):
                return await finish(job, id, fence, outcome)
            case .askStatus:
                let (condition, answers) = if let asked { asked } else { await askStatus() }
                asked = nil
                event = isGone ? .lost(.absent) : .status(condition, answers: answers)
            case .record(let next): event = await record(next, in: journal)
            case .send(let bytes): event = await send(bytes, over: link)
            case .findCause:
                let (condition, answers) = await link.findCause()
                if let condition { state.set(condition) }
                event = .cause(condition, answers: answers)
            case .listen:
                do {
                    event = .answers(try await link.answers(within: timings.listen))
                } catch {
                    event = .lost(note(error))
                }
            }
            step = job.handle(event, at: clock.now - start)
        }
    }

    /// Whether it said so at the last look, or proved a ticket since, and would have told of a fault by itself. Four
    /// questions and answers take a cheap printer longer than all the rest of a ticket.
    func isKnownReady(_ link: PrinterLink) async -> Bool {
        guard tellsFaults, leftover.isEmpty, state.value.isReady else { return false }
        return await link.wasReady(within: timings.poll * 2)
    }

    /// Off the actor; nil when there is no picture.
    nonisolated func drawn(on paper: PaperWidth, _ draw: Draw) async -> MonochromeBitmap? {
        do {
            return try draw(paper)
        } catch {
            logger.error("The ticket was not drawn: \(error)")
            return nil
        }
    }

    func record(_ step: PrintStep, in journal: PrintJournal) async -> PrintJob.Event {
        do {
            try await journal(step)
            return .recorded
        } catch {
            logger.error("A print job's step was not written down: \(error)")
            return .notRecorded
        }
    }

    func send(_ bytes: [UInt8], over link: PrinterLink) async -> PrintJob.Event {
        do {
            if !leftover.isEmpty {
                try await link.write(leftover.bytes, deadline: timings.write)
                leftover = .none
            }
            try await link.write(bytes, deadline: timings.write)
            return .sent
        } catch .timedOut(let transferred) {
            // While something was left over nothing of the job itself has moved.
            guard leftover.isEmpty else {
                leftover.sent(transferred)
                return .blocked(transferred: 0)
            }
            return .blocked(transferred: transferred)
        } catch {
            return .lost(note(error))
        }
    }

    /// What a failed job left in the printer's memory must not come out after the repair, and what hangs out must not
    /// hang on the next ticket. If the printer prints the rest nevertheless, its echo is waited for.
    func finish(_ job: PrintJob, _ id: UUID, _ fence: FenceID, _ outcome: PrintOutcome) async -> PrintOutcome {
        let condition: PrinterCondition
        switch outcome {
        case .failed(let why), .refused(let why): condition = why
        case .printed:
            past.mayHangOut = false
            await link?.settled()
            return outcome
        case .transmitted:
            past.mayHangOut = false
            return outcome
        }
        guard let link, job.hasSent || !leftover.isEmpty else {
            state.set(condition)
            return outcome
        }
        if case .failed = outcome, capabilities.proof == .fence, await link.remember(id, fence: fence) {
            past.mayHangOut = false
            return .printed
        }
        logger.warning("A ticket has no proof of printing", metadata: ["condition": "\(condition.code)"])
        state.set(condition)
        leftover.leave(job, end: ESCPOS.end(capabilities.cut))
        past.mayHangOut = true
        // What makes it forget may switch off automatic status, too.
        tellsFaults = false
        if !isGone { _ = await link.forget(within: timings.forget) }
        return outcome
    }
}
