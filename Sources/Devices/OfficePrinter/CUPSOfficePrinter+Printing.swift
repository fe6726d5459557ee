import Foundation
import Logging
import Peripherals

extension CUPSOfficePrinter {
    public func print(
        _ document: A4Document, job: UUID, journal: @escaping DocumentJournal
    ) async -> DocumentOutcome {
        let drawn: A4Drawing.PDF
        do throws(A4DrawingError) {
            drawn = try A4Drawing().draw(document)
        } catch {
            logger.error("The document was not drawn", metadata: ["error": "\(error)"])
            return .refused(.fault)
        }
        return await print(pdf: drawn.data, pages: drawn.pages, job: job, journal: journal)
    }

    /// Prints a PDF that is there already.
    /// - Parameter pages: how many sides it takes.
    public func print(
        pdf: Data, pages: Int, job: UUID = UUID(), journal: @escaping DocumentJournal = { _ in }
    ) async -> DocumentOutcome {
        await turnstile.enter()
        defer { turnstile.leave() }
        let outcome = await perform(pdf, pages: pages, job: job, journal)
        if outcome != .printed { logger.notice("A document's outcome", metadata: ["outcome": "\(outcome)"]) }
        return outcome
    }

    private func perform(
        _ pdf: Data, pages: Int, job: UUID, _ journal: DocumentJournal
    ) async -> DocumentOutcome {
        let before: QueueWatch.View
        do throws(IPPFault) {
            before = try watch.look(at: .now - start)
            note(before)
        } catch {
            lose(error)
            return .refused(state.value)
        }
        guard before.mayTakeJob else { return .refused(before.condition) }
        do {
            try await journal(.sending(pages: pages))
        } catch {
            logger.error("The document's step could not be kept", metadata: ["error": "\(error)"])
            return .refused(.unknown)
        }
        guard !Task.isCancelled else { return .refused(state.value) }
        do throws(IPPFault) {
            let id = try queue.submit(pdf, as: .pdf, job: job)
            await keep(.queued(job: id), journal)
            let outcome = await follow(
                id, job: job, DocumentWatch(pages: pages, before: before.queue, limits: timings.job), journal)
            forget(id)
            return outcome
        } catch {
            return recover(job, from: error)
        }
    }

    private func follow(
        _ id: Int, job: UUID, _ document: DocumentWatch, _ journal: DocumentJournal
    ) async -> DocumentOutcome {
        var document = document
        let sent = ContinuousClock.now
        while true {
            var step = step(id, &document, at: .now - sent)
            if step == .askDevice {
                guard let view = latest else { return .transmitted }
                step = document.deviceSays(queue.deviceRecord(of: job, view.queue), at: .now - sent)
            }
            switch step {
            case .wait, .askDevice: break
            case .tell(let condition):
                await keep(condition.isReady ? .queued(job: id) : .waiting(condition), journal)
            case .resume: resume()
            case .takeOut(let condition): return takeOut(id, document, because: condition)
            case .ended(let outcome): return outcome
            }
            do {
                try await Task.sleep(for: timings.working)
            } catch {
                // The applicant left, or the daemon stops.
                return takeOut(id, document, because: state.value)
            }
        }
    }

    private func step(_ id: Int, _ document: inout DocumentWatch, at now: Duration) -> DocumentWatch.Step {
        do throws(IPPFault) {
            let job = try queue.job(id)
            guard let view = glance(isWorking: true) else { return document.cannotLook(state.value, at: now) }
            return document.see(job, view, at: now)
        } catch {
            lose(error)
            return document.cannotLook(state.value, at: now)
        }
    }

    private func resume() {
        do throws(IPPFault) {
            try queue.resume()
            logger.notice("The queue was resumed", metadata: ["queue": "\(queue.name)"])
            note(try watch.look(at: .now - start))
        } catch {
            logger.warning("The queue could not be resumed", metadata: ["error": "\(error)"])
            if error == .denied { tell(.accessDenied) }
        }
    }

    private func takeOut(
        _ id: Int, _ document: DocumentWatch, because condition: OfficePrinterCondition
    ) -> DocumentOutcome {
        do throws(IPPFault) {
            try queue.cancel(id)
            return document.outcome(takenOut: try queue.job(id), because: condition)
        } catch {
            logger.error("A document may still be in the queue", metadata: ["job": "\(id)", "error": "\(error)"])
            return .failed(condition)
        }
    }

    /// The answer to the request got lost: is the job there?
    private func recover(_ job: UUID, from fault: IPPFault) -> DocumentOutcome {
        lose(fault)
        guard case .broken = fault else { return .refused(state.value) }
        do throws(IPPFault) {
            guard let open = try queue.openJobs().first(where: { $0.name == CUPSQueue.jobName(job) }) else {
                return .failed(state.value)
            }
            try queue.purge(open.id)
            return open.hasBegun ? .failed(state.value) : .refused(state.value)
        } catch {
            return .failed(state.value)
        }
    }

    /// CUPS would keep the document for a day.
    private func forget(_ id: Int) {
        do throws(IPPFault) {
            try queue.purge(id)
        } catch {
            logger.warning("CUPS keeps a document", metadata: ["job": "\(id)", "error": "\(error)"])
        }
    }

    /// What follows `sending` happens whether it can be kept or not.
    private func keep(_ step: DocumentStep, _ journal: DocumentJournal) async {
        do {
            try await journal(step)
        } catch {
            logger.error("A document's step could not be kept", metadata: ["error": "\(error)"])
        }
    }
}
