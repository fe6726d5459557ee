import Foundation
import Logging
import Peripherals

extension CUPSTicketPrinter {
    /// Goes on when the caller's task is cancelled, as any ticket does.
    public func print(_ ticket: TicketContent, job: UUID, journal: @escaping PrintJournal) async -> PrintOutcome {
        await Task {
            await self.turnstile.enter()
            defer { self.turnstile.leave() }
            let outcome = await self.perform(ticket, job: job, journal)
            if outcome != .transmitted {
                self.logger.warning("A ticket did not get through", metadata: ["outcome": "\(outcome)"])
            }
            return outcome
        }.value
    }

    private func perform(_ ticket: TicketContent, job: UUID, _ journal: PrintJournal) async -> PrintOutcome {
        let encoded: Encoded
        do {
            encoded = try encode(ticket)
            note(try watch.look(at: .now - start))
        } catch let error as IPPFault {
            lose(error)
            return .refused(state.value)
        } catch {
            logger.error("The ticket was not drawn", metadata: ["error": "\(error)"])
            return .refused(.unknown)
        }
        if let view = latest, view.queue.isStoppedByError { resume() }
        guard let view = latest, view.mayTakeJob, view.queue.state != .stopped else { return .refused(state.value) }
        do {
            try await journal(.sending(millimetres: encoded.millimetres))
        } catch {
            logger.error("The ticket's step could not be kept", metadata: ["error": "\(error)"])
            return .refused(.unknown)
        }
        do throws(IPPFault) {
            let id = try queue.submit(Data(encoded.bytes), as: .raw, job: job)
            say("Print-Job \(CUPSQueue.Format.raw.rawValue): job \(id)", bytes: encoded.bytes.count)
            let outcome = await follow(id, journal)
            try queue.purge(id)
            return outcome
        } catch {
            lose(error)
            guard case .broken = error else { return .refused(state.value) }
            return .failed(state.value)
        }
    }

    private func follow(_ id: Int, _ journal: PrintJournal) async -> PrintOutcome {
        do {
            try await journal(.awaitingProof)
        } catch {
            logger.error("The ticket's step could not be kept", metadata: ["error": "\(error)"])
        }
        let sent = ContinuousClock.now
        while true {
            do throws(IPPFault) {
                guard let job = try queue.job(id) else { return .failed(.unknown) }
                glance()
                say("job \(id): \(job.state)", bytes: 0, isFromPrinter: true)
                if job.state == .completed { return .transmitted }
                let isStuck = latest?.queue.state == .stopped || ContinuousClock.now - sent >= timings.job
                if job.state.isOver || isStuck { return try takeOut(id) }
            } catch {
                lose(error)
                return .failed(state.value)
            }
            // Not cancelled with anybody's visit: this is the driver's own task.
            do { try await Task.sleep(for: timings.working) } catch { return .failed(.unknown) }
        }
    }

    private func takeOut(_ id: Int) throws(IPPFault) -> PrintOutcome {
        let why = state.value.isReady ? PrinterCondition.offline : state.value
        try queue.cancel(id)
        let job = try queue.job(id)
        if job?.state == .completed { return .transmitted }
        return job?.hasBegun == false ? .refused(why) : .failed(why)
    }
}

extension PrinterCondition {
    /// What a ticket printer's condition is called when CUPS tells it.
    init(_ condition: OfficePrinterCondition, hasLowPaper: Bool) {
        self =
            switch condition {
            case .ready: .ready
            case .suppliesLow: hasLowPaper ? .paperNearEnd : .ready
            case .unknown: .unknown
            case .absent: .absent
            case .noService: .noService
            case .accessDenied: .accessDenied
            case .paused, .stopped: .queueStopped
            case .offline, .outputFull: .offline
            case .paperOut, .paperNeeded: .paperOut
            case .jam: .cutterJam
            case .coverOpen: .coverOpen
            case .tonerOut, .fault: .fault
            }
    }
}
