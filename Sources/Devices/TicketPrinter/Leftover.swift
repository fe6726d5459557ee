/// What a job that broke off leaves in the printer and on its paper, and the bytes that clear it up before the next one.
///
/// A picture that was cut off is completed with zeros, so that it never eats a new ticket; they mean nothing to a
/// printer that has forgotten it. Then comes a cut: half a ticket never hangs on the next person's.
public struct Leftover: Sendable, Equatable {
    /// To be sent before anything else.
    public private(set) var bytes: [UInt8] = []

    public static let none = Leftover()

    private init() {}

    public var isEmpty: Bool { bytes.isEmpty }

    /// What a process before this one may have left. Nobody knows how much of a picture is missing: at most a band.
    /// - Parameter isOnPaper: whether its last job began to print and was not seen to end; else nothing is cut.
    public static func ofEarlierProcess(_ capabilities: PrinterCapabilities, isOnPaper: Bool) -> Leftover {
        var leftover = Leftover()
        let row = (capabilities.paper.dots + 7) / 8
        leftover.bytes = [UInt8](
            repeating: 0, count: min(capabilities.bandHeight * row, max(capabilities.bandBytes, row)))
        if isOnPaper { leftover.bytes += ESCPOS.end(capabilities.cut) }
        return leftover
    }

    /// Takes in a job that ended without proof.
    /// - Parameter end: the command that cuts off what hangs out.
    public mutating func leave(_ job: PrintJob, end: [UInt8]) {
        guard job.hasSent || !isEmpty else { return }
        bytes = [UInt8](repeating: 0, count: max(bytes.count, job.unfinished)) + end
    }

    /// So many bytes went out.
    public mutating func sent(_ count: Int) { bytes.removeFirst(min(max(count, 0), bytes.count)) }
}
