import Peripherals

/// How the papers of a visit at the office printer are getting on: the submission slip, and perhaps the declaration.
public enum Paperwork: Sendable, Equatable {
    case printing
    /// Somebody has to do something about the printer first.
    case waiting(OfficePrinterCondition)
    /// All of it was printed, or at least handed over.
    case printed
    case transmitted
    /// Not all of it is on paper.
    case failed(OfficePrinterCondition)
}

extension Journey {
    /// A plain line for the ticket's screen; nothing where there is no office printer.
    var paperworkFacts: [Block.Facts.Item] {
        guard let paperwork = visit.paperwork else { return [] }
        let line =
            switch paperwork {
            case .printing: text("paperwork.printing")
            case .waiting(let condition):
                text("paperwork.waiting", ["reason": text("device.office-printer.\(condition.code)")])
            case .printed: text("paperwork.printed")
            case .transmitted: text("paperwork.transmitted")
            case .failed(let condition):
                text("paperwork.failed", ["reason": text("device.office-printer.\(condition.code)")])
            }
        return [Block.Facts.Item(label: text("paperwork.label"), value: line)]
    }
}
