import Control
import Foundation
import HallQueue
import Kiosk
import Peripherals

/// The ticket printer and its paper.
extension TechnicianDesk {
    public func testTicket() async throws -> TicketTestCommand.Reply {
        PaperReply(await tickets.printTest(kiosk: kiosk.kiosk))
    }

    public func reprint(_ command: TicketReprintCommand) async throws -> TicketReprintCommand.Reply {
        let ticket = try await ticket(command.number)
        do {
            let outcome = try await tickets.reprintForStaff(ticket.id)
            return TicketReprintCommand.Reply(
                number: ticket.label, state: try await queue.ticket(ticket.id).state.rawValue,
                isMarked: ticket.paper.needsMark, paper: PaperReply(outcome))
        } catch QueueError.wrongState(_, let state) {
            throw ControlFault(
                code: "wrong-state", message: "Ticket \(ticket.label) is \(state.rawValue): nobody comes with it.",
                remedy: "Let the person take a new number.")
        } catch QueueError.paperUnderWay {
            throw ControlFault(
                code: "paper-under-way", message: "Ticket \(ticket.label) is being printed now.",
                remedy: "Wait until it ends; see kioskctl printer status.")
        }
    }

    public func printerStatus() async throws -> PrinterStatusCommand.Reply {
        let reports = await devices.reports.reports()
        return PrinterStatusCommand.Reply(
            device: reports.first { $0.role == .ticketPrinter } ?? DeviceReport(PrinterCondition.absent),
            summary: await devices.printer.summary(), roll: RollReply(try await queue.paperLeft()),
            unproved: try await queue.unproved().map {
                .init(number: $0.label, paper: $0.paper.state.rawValue, condition: $0.paper.condition?.code)
            })
    }

    public func tracePrinter(_ command: PrinterTraceCommand) async throws -> PrinterTraceCommand.Reply {
        let start = ContinuousClock.now
        let exchanges = devices.printer.exchanges()
        let listening = Task {
            var lines: [PrinterTraceCommand.Reply.Line] = []
            for await exchange in exchanges {
                guard lines.count < PrinterTraceCommand.Reply.lineLimit else { return (lines, true) }
                lines.append(.init(atMs: Int64(Date().timeIntervalSince1970 * 1000), exchange: exchange))
            }
            return (lines, false)
        }
        defer { listening.cancel() }
        let test = command.test ? PaperReply(await tickets.printTest(kiosk: kiosk.kiosk)) : nil
        let end =
            if let seconds = command.seconds {
                start + .seconds(min(max(seconds, 1), PrinterTraceCommand.secondsLimit))
            } else {
                // What the printer still says after a test, or what it says by itself.
                test == nil ? start + .seconds(10) : .now + .seconds(1)
            }
        try await Task.sleep(until: end, clock: .continuous)
        listening.cancel()
        let (lines, isCut) = await listening.value
        return PrinterTraceCommand.Reply(lines: lines, isCut: isCut, test: test)
    }

    public func resetPaper(_ command: PaperResetCommand) async throws -> PaperResetCommand.Reply {
        if let metres = command.metres, !PaperResetCommand.metresRange.contains(metres) {
            throw ControlFault(
                code: "bad-length", message: "A roll has no \(metres) m.",
                remedy: "Give the length printed on the roll's wrapping, for example --metres 80.")
        }
        return RollReply(try await queue.changedRoll(metres: command.metres))
    }
}

extension RollReply {
    init(_ left: PaperLeft) {
        self.init(
            rollMetres: left.rollMetres, printedMetres: left.printedMetres, leftMetres: left.metres,
            leftTickets: left.tickets, ticketMillimetres: left.ticketMillimetres, isNearEnd: left.isNearEnd,
            changedAt: left.changedAt?.formatted(.iso8601), seemsChangedAt: left.seemsChangedAt?.formatted(.iso8601))
    }
}
