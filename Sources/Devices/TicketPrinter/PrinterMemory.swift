import Foundation

/// What a driver knows of a printer's past that outlives a replugging: handed from one `ESCPOSPrinter` to the next.
public struct PrinterMemory: Sendable, Equatable {
    /// Where the ids of jobs go on. Begins at random, so that an echo meant for the process before this one proves
    /// nothing.
    var fence: UInt16
    /// Whether the last job began to print and was not seen to end.
    var mayHangOut: Bool

    /// - Parameter mayHangOut: whether a ticket of an earlier process may hang out of the printer: it is cut off before
    ///   the next one.
    public init(mayHangOut: Bool = false, firstFence: UInt16 = .random(in: 0...UInt16.max)) {
        self.mayHangOut = mayHangOut
        self.fence = firstFence
    }

    mutating func takeFence() -> FenceID {
        fence &+= 1
        return FenceID(fence)
    }
}
