import Peripherals

/// The screens of the ticket: the number on paper, or what to do without one.
extension Journey {
    func ticketScreen(_ step: TicketStep) -> Screen {
        guard let submitted = visit.submitted else { return submittingScreen }
        var screen = screen("ticket")
        screen.step = self.step("ticket")
        let needsPhotograph = step != .printed && step != .printing
        screen.blocks = [ticketBlock(submitted, qr: needsPhotograph ? submitted.qr : nil)]
        let facts =
            (submitted.dossierCode.map { [.init(label: text("ticket.dossier"), value: $0)] } ?? []) + paperworkFacts
        if !facts.isEmpty { screen.blocks.append(.facts(Block.Facts(items: facts))) }
        switch step {
        case .printing:
            screen.lead = text("ticket.printing")
            screen.blocks.append(.progress(Block.Progress(label: text("ticket.printing"))))
        case .printed:
            screen.lead = text("ticket.take")
            screen.blocks.append(.illustration(Block.Illustration(name: "take-ticket", alt: text("ticket.take"))))
            screen.actions = [action("finish", .primary)]
        case .transmitted:
            screen.title = text("ticket.cannot-tell.title")
            screen.lead = text("ticket.cannot-tell.lead")
            screen.actions = [voidAction]
            if mayReprint {
                screen.actions.append(action("reprint", .secondary, label: text("ticket.no-print-again")))
            } else {
                screen.actions.append(action("noted", .secondary, label: text("ticket.have-number")))
            }
            screen.actions.append(action("confirm", .primary, label: text("ticket.have-paper")))
        case .unproved(let condition, _):
            let mayReprint = mayReprint
            let lead =
                mayReprint
                ? ("ticket.may-print", "ticket.may-print-again")
                : ("ticket.note-number", "ticket.note-number-part")
            screen.lead = text(visit.mayBeOnPaper ? lead.1 : lead.0)
            screen.notice = printerNotice(after: condition)
            screen.actions = [
                voidAction, action("confirm", mayReprint ? .secondary : .primary, label: text("ticket.have-number")),
            ]
            if mayReprint { screen.actions.append(action("reprint", .primary, label: reprintLabel)) }
        }
        return screen
    }

    private func ticketBlock(_ submitted: Submitted, qr: [String]?) -> Block {
        var notes = [
            submitted.ahead == 0
                ? text("ticket.next") : text("ticket.ahead", ["count": String(submitted.ahead)])
        ]
        if let wait = submitted.waitMinutes {
            notes.append(
                text("ticket.wait", ["from": String(wait.lowerBound), "to": String(wait.upperBound)]))
        }
        return .ticket(
            Block.Ticket(
                number: submitted.number, className: submitted.isPriority ? submitted.className : nil,
                procedure: chosenProcedure?.version.title.text(visit.language), notes: notes, qr: qr))
    }

    private var voidAction: Screen.Action { action("void", .cancel, label: text("ticket.void")) }

    private var reprintLabel: String { text(visit.mayBeOnPaper ? "ticket.print-again" : "ticket.print") }

    /// What is wrong with the printer now, or that it is well again.
    private func printerNotice(after condition: PrinterCondition) -> Screen.Notice {
        if mayReprint { return .init(kind: .success, text: text("ticket.well-again")) }
        let report = self.condition(of: .ticketPrinter)
        let code = report.map { $0.ready ? condition.code : $0.condition } ?? condition.code
        return .init(kind: .warning, text: text("printer-trouble.\(code)"))
    }

    /// After a restart, in the welcome screen's place: only number and class, since anybody may stand here.
    func recoveryScreen(_ recovered: RecoveredTicket) -> Screen {
        let submitted = recovered.submitted
        var screen = screen("recovery", title: text("recovery.title", ["number": submitted.number]))
        screen.lead = text(recovered.mayBeOnPaper ? "recovery.lead-part" : "recovery.lead")
        let isReady = condition(of: .ticketPrinter)?.ready ?? true
        if !isReady { screen.notice = printerNotice(after: .unknown) }
        screen.blocks = [
            .ticket(
                Block.Ticket(number: submitted.number, className: submitted.isPriority ? submitted.className : nil))
        ]
        screen.actions = [action("notMine", .secondary, label: text("recovery.not-mine"))]
        if !recovered.hadOffer, condition(of: .ticketPrinter)?.ready ?? false {
            let label = text(recovered.mayBeOnPaper ? "ticket.print-again" : "ticket.print")
            screen.actions.append(action("reprint", .secondary, label: label))
        }
        screen.actions.append(action("confirm", .primary, label: text("recovery.mine")))
        return screen
    }
}
