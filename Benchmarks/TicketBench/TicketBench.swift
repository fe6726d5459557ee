import Foundation
import Peripherals
import TicketPrinter

/// Draws and encodes tickets as fast as it can, and says how long that took. Reads the ticket's texts as JSON on standard
/// input; each ticket gets a number and a QR text of its own, so that nothing of the one before can be used again.
@main
enum TicketBench {
    struct Figures: Encodable {
        var tickets: Int
        var seconds: Double
        /// Drawing alone, in milliseconds: the median and the 99th percentile.
        var drawingMs: Double
        var drawing99Ms: Double
        /// Bytes and dots of height, means over all tickets.
        var bytes: Double
        var height: Double
        /// The bytes of the last ticket, for who wants to see it.
        var last: Data
    }

    static func main() throws {
        let count = CommandLine.arguments.dropFirst().first.flatMap(Int.init) ?? 500
        let input = FileHandle.standardInput.readDataToEndOfFile()
        let content = try JSONDecoder().decode(TicketContent.self, from: input)
        let drawing = TicketDrawing()
        // Warm: the first ones load the fonts.
        for number in 0..<20 { _ = try drawing.draw(ticket(content, number)) }

        let clock = ContinuousClock()
        var figures = Figures(
            tickets: count, seconds: 0, drawingMs: 0, drawing99Ms: 0, bytes: 0, height: 0, last: Data())
        var drawn: [Duration] = []
        let start = clock.now
        for number in 0..<count {
            let before = clock.now
            let bitmap = try drawing.draw(ticket(content, number))
            drawn.append(clock.now - before)
            let bytes = ESCPOS.ticket(bitmap, capabilities: .standard).flatMap { $0 }
            figures.bytes += Double(bytes.count) / Double(count)
            figures.height += Double(bitmap.height) / Double(count)
            if number == count - 1 { figures.last = Data(bytes) }
        }
        figures.seconds = (clock.now - start) / .seconds(1)
        drawn.sort()
        figures.drawingMs = drawn[count / 2] / .milliseconds(1)
        figures.drawing99Ms = drawn[min(count - 1, count * 99 / 100)] / .milliseconds(1)
        FileHandle.standardOutput.write(try JSONEncoder().encode(figures))
    }

    private static func ticket(_ content: TicketContent, _ number: Int) -> TicketContent {
        var ticket = content
        let digits = String(1000 + number % 1000).dropFirst()
        ticket.number = "A\(digits)"
        ticket.qr = content.qr + digits
        return ticket
    }
}
