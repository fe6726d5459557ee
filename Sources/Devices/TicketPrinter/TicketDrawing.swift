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
        return try Self.withTools(dotsPerInch: paper.dotsPerInch) { tools throws(TicketDrawingError) in
            var page = try TicketPage(paper: paper, tools: tools)
            for element in template.elements { try page.add(element, of: ticket) }
            return try page.finished()
        }
    }

    /// Lends what is kept warm for a resolution, to one at a time.
    static func withTools<Result: Sendable>(
        dotsPerInch: Int, _ body: (DrawingTools) throws(TicketDrawingError) -> Result
    ) throws(TicketDrawingError) -> Result {
        let result: Swift.Result<Result, TicketDrawingError> = warm.withLock { warm in
            do throws(TicketDrawingError) {
                if let tools = warm.byResolution[dotsPerInch] { return .success(try body(tools)) }
                guard let setter = TextSetter(dotsPerInch: dotsPerInch) else { throw .cairo("no font map") }
                let tools = DrawingTools(setter)
                warm.byResolution[dotsPerInch] = tools
                return .success(try body(tools))
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    private static let warm = Mutex(Warm())

    private final class Warm {
        var byResolution: [Int: DrawingTools] = [:]
    }
}

/// What is costly to make and serves many tickets: the fonts, and the logo's dots.
final class DrawingTools {
    let setter: TextSetter
    private var logos: [LogoKey: (logo: TicketLogo, dots: DotMask)] = [:]

    private struct LogoKey: Hashable {
        var logo: ObjectIdentifier
        var width: Int
        var height: Int
    }

    init(_ setter: TextSetter) {
        self.setter = setter
    }

    /// The logo's dots, made once. What is kept holds on to the logo, so that its identity can't become another's.
    func dots(of logo: TicketLogo, width: Int, height: Int) throws(TicketDrawingError) -> DotMask {
        let key = LogoKey(logo: ObjectIdentifier(logo), width: width, height: height)
        if let known = logos[key] { return known.dots }
        let dots = try DotMask(TicketLogoDots.draw(logo, width: width, height: height))
        // A template has one or two.
        if logos.count >= 8 { logos = [:] }
        logos[key] = (logo, dots)
        return dots
    }
}
