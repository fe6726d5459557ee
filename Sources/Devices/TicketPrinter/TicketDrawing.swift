import CPangoCairo
import Peripherals
import Synchronization

/// Draws tickets, dot by dot, for any script that the fonts have.
///
/// ```swift
/// let bitmap = try TicketDrawing(paper: .mm80).draw(ticket)
/// ```
public struct TicketDrawing: Sendable {
    public var paper: PaperWidth
    public var template: TicketTemplate

    /// A ticket longer than this (half a metre) is a mistake.
    static let longest = 4000

    public init(paper: PaperWidth = .mm80, template: TicketTemplate = .standard) {
        self.paper = paper
        self.template = template
    }

    /// The ticket at the paper's width, as long as its content needs. Takes a few milliseconds once the fonts are warm.
    public func draw(_ ticket: TicketContent) throws(TicketDrawingError) -> MonochromeBitmap {
        if let problem = template.problems.first { throw .template(problem) }
        let result: Result<MonochromeBitmap, TicketDrawingError> = Self.setters.withLock { setters in
            do throws(TicketDrawingError) {
                let setter = try setters.setter(dotsPerInch: paper.dotsPerInch)
                var page = try TicketPage(paper: paper, setter: setter)
                for element in template.elements { try page.add(element, of: ticket) }
                return .success(try page.finished())
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    private static let setters = Mutex(Setters())

    /// One text setter a resolution.
    private final class Setters {
        private var byResolution: [Int: TextSetter] = [:]

        func setter(dotsPerInch: Int) throws(TicketDrawingError) -> TextSetter {
            if let setter = byResolution[dotsPerInch] { return setter }
            guard let setter = TextSetter(dotsPerInch: dotsPerInch) else { throw .cairo("no font map") }
            byResolution[dotsPerInch] = setter
            return setter
        }
    }
}
