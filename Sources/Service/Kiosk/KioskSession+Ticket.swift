import Foundation
import Journey
import Logging
import Peripherals
import Store

/// The ticket's paper, and what is written down of it.
extension KioskSession {
    /// Between two attempts to write down what happened to a ticket.
    private static let recordingPause = Duration.seconds(1)

    func print(
        _ ticket: UUID, _ job: @escaping @Sendable (TicketDesk) async throws -> TicketDesk.End
    ) {
        let visit = visitNumber
        paperEnd = nil
        Task { [tickets] in
            do {
                let end = try await job(tickets)
                if end.outcome != .printed {
                    logger.warning("ticket without proof", metadata: ["outcome": "\(end.outcome)"])
                }
                self.paperEnded(end.outcome, of: visit)
                untilRecorded("write down how the paper ended") { try await tickets.record(end) }
            } catch {
                logger.error("ticket not printed", metadata: ["error": "\(error)"])
                self.paperEnded(.refused(.unknown), of: visit)
            }
        }
    }

    func paperEnded(_ outcome: PrintOutcome, of visit: Int) {
        guard visit == visitNumber else { return }
        paperEnd = outcome
        handle(.printEnded(outcome))
    }

    /// The ticket is confirmed before the screen says so.
    func provedLate(_ job: UUID) {
        untilRecorded("write down the late proof") {
            guard try await self.tickets.provedLate(job) else { return }
            await self.handle(.provedLate(job))
        }
    }

    func printer(is condition: PrinterCondition) async {
        do {
            try await tickets.printer(is: condition)
        } catch {
            logger.error("the printer's condition could not be kept", metadata: ["error": "\(error)"])
        }
    }

    /// What must not be lost when the disk is full for a while: somebody holds the paper, and waits to be called.
    func untilRecorded(_ what: String, _ work: @escaping @Sendable () async throws -> Void) {
        Task { [logger] in
            while !Task.isCancelled {
                do {
                    return try await work()
                } catch let error as StoreError {
                    logger.error("could not \(what), tried again soon", metadata: ["error": "\(error)"])
                } catch {
                    return logger.error("could not \(what)", metadata: ["error": "\(error)"])
                }
                do { try await Task.sleep(for: Self.recordingPause) } catch { return }
            }
        }
    }
}
