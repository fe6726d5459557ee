import Peripherals

/// Why an element of a template can't be printed legibly, told by drawing it.
public struct TemplateFault: Sendable, Equatable {
    /// Counted from 0; nil when the template as a whole is meant.
    public var element: Int?
    public var problem: String
    public var remedy: String
}

extension TicketTemplate {
    /// What shows only when the template is drawn: markup, sizes after layout, pictures, the length. Draws a sample in
    /// each language on each paper; empty when all is fine.
    public func faults(on papers: [PaperWidth] = [.mm80, .mm58]) -> [TemplateFault] {
        var found: [TemplateFault] = elements.enumerated().flatMap { index, element in
            element.markupFaults.map { TemplateFault(element: index, problem: $0.problem, remedy: $0.remedy) }
        }
        guard found.isEmpty else { return found }
        for paper in papers {
            for sample in TicketContent.samples {
                for fault in drawnFaults(paper, sample) where !found.contains(fault) { found.append(fault) }
            }
        }
        return found
    }

    private func drawnFaults(_ paper: PaperWidth, _ sample: TicketContent) -> [TemplateFault] {
        do throws(TicketDrawingError) {
            return try TicketDrawing.withTools(dotsPerInch: paper.dotsPerInch) { tools throws(TicketDrawingError) in
                var page = try TicketPage(paper: paper, tools: tools)
                var found: [TemplateFault] = []
                for (index, element) in elements.enumerated() {
                    page.inspect()
                    do throws(TicketDrawingError) {
                        try page.add(element, of: sample)
                    } catch {
                        let fault = TemplateFault(
                            element: index, problem: "can't be drawn on \(paper.dots) dots: \(error)",
                            remedy: "Make it smaller, or correct what it names")
                        return found + [fault]
                    }
                    if let inspection = page.inspection {
                        found += Self.faults(inspection, paper).map {
                            TemplateFault(element: index, problem: $0.problem, remedy: $0.remedy)
                        }
                    }
                }
                return found
            }
        } catch {
            return [TemplateFault(element: nil, problem: "\(error)", remedy: "Check memory and fonts")]
        }
    }

    private static func faults(
        _ inspection: TicketPage.Inspection, _ paper: PaperWidth
    ) -> [(problem: String, remedy: String)] {
        var found: [(problem: String, remedy: String)] = []
        // Half a dot may be lost by rounding.
        let tolerance = 36 / Double(paper.dotsPerInch)
        if let points = inspection.points {
            if points.lowerBound < TicketElement.smallestPoints - tolerance {
                found.append(
                    (
                        "has letters of \(tenths(points.lowerBound)) pt, which old eyes can't read",
                        "Write 10 pt at least; take size=, <small>, <sub> and <sup> away"
                    ))
            }
            if points.upperBound > TicketElement.largestPoints + tolerance {
                found.append(("has letters of \(tenths(points.upperBound)) pt", "Write 72 pt at most"))
            }
        }
        if inspection.unknownGlyphs > 0 {
            found.append(("has letters that no font of this machine has", "Install fonts-noto-core"))
        }
        if let height = inspection.numberHeight, height < paper.dots(millimetres: TicketElement.smallestNumber) {
            found.append(("comes out less than 14 mm high", "Take size= and <small> away"))
        }
        return found
    }

    private static func tenths(_ points: Double) -> String { "\((points * 10).rounded() / 10)" }
}

extension TicketElement {
    fileprivate var markupFaults: [(problem: String, remedy: String)] {
        let texts = [text].compactMap { $0 } + columns.map(\.text)
        return texts.flatMap { text -> [(problem: String, remedy: String)] in
            let markup = TicketText.markup(text, .sample(language: "vi"))
            if let fault = TextSetter.fault(inMarkup: markup) {
                return [
                    (
                        "is no Pango markup: \(fault)",
                        "Close every tag; write &amp; for & and &lt; for <"
                    )
                ]
            }
            guard !TextSetter.hasColours(markup) else {
                return [("has colours, which a ticket printer does not have", "Take them away, or use a banner")]
            }
            return []
        }
    }
}
