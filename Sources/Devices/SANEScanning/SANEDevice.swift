import CSANE
import DocumentScanner
import Peripherals

/// One open scanner.
struct SANEDevice: ~Copyable {
    let handle: SANE_Handle
    private let cancel: SANECancel

    init(opening name: String, cancel: SANECancel) throws(ScanError) {
        var handle: SANE_Handle?
        let status = sane_open(name, &handle)
        guard status == SANE_STATUS_GOOD, let handle else {
            throw SANEStatus.error(status, at: .open, pages: 0) ?? .device(.absent)
        }
        self.handle = handle
        self.cancel = cancel
        cancel.opened(handle)
    }

    /// Ends the batch and gives the scanner back. May hang with a bad back end.
    consuming func close() {}

    deinit {
        cancel.closing()
        sane_cancel(handle)
        sane_close(handle)
    }

    var options: SANEOptions { SANEOptions(handle: handle) }

    /// Reads one page.
    ///
    /// - Returns: nil when the feeder is empty after at least one page.
    func page(after pages: Int) throws(ScanError) -> (pixels: PagePixels, frame: PageFrame, lines: Int)? {
        let started = sane_start(handle)
        if started != SANE_STATUS_GOOD {
            guard let error = SANEStatus.error(started, at: .pageStart, pages: pages) else { return nil }
            throw error
        }
        var parameters = SANE_Parameters()
        let described = sane_get_parameters(handle, &parameters)
        if let error = SANEStatus.error(described, at: .pageStart, pages: 0) { throw error }
        let frame = try PageFrame(parameters)
        let pixels = PagePixels()
        while true {
            guard !cancel.isRequested else { throw .cancelled }
            var count: SANE_Int = 0
            let room = try pixels.room(limit: frame.capacity)
            let status = sane_read(handle, room.baseAddress, SANE_Int(room.count), &count)
            if status == SANE_STATUS_EOF { break }
            if status != SANE_STATUS_GOOD {
                let moment: SANEMoment = pixels.count == 0 ? .pageStart : .pageBody
                guard let error = SANEStatus.error(status, at: moment, pages: pages) else { return nil }
                throw error
            }
            try pixels.received(Int(count))
        }
        let lines = try frame.lines(in: pixels.count)
        guard !pixels.endsInFiller(frame, lines: lines) else {
            throw .failed("the picture of a page ends in its middle: the scanner or the network lost the rest")
        }
        return (pixels, frame, lines)
    }
}

/// The growing bytes of a page. Memory is taken as bytes arrive, never on an announcement alone.
final class PagePixels {
    private var storage = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 1 << 20)
    private(set) var count = 0
    private var offered = 0

    deinit { storage.deallocate() }

    var bytes: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(rebasing: storage[..<count]) }

    /// Where the next bytes go: at least one, at most 1 MiB.
    ///
    /// - Parameter limit: bytes that the whole page may have. One more is offered, so that a page that does not end
    ///   where it said is noticed.
    func room(limit: Int) throws(ScanError) -> UnsafeMutableBufferPointer<UInt8> {
        guard count <= limit else { throw .failed("the scanner sends more lines than it announced") }
        if count == storage.count {
            let larger = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: storage.count * 2)
            _ = larger.moveUpdate(fromContentsOf: storage[..<count])
            storage.deallocate()
            storage = larger
        }
        let end = min(storage.count, count + (1 << 20), limit + 1)
        offered = end - count
        return UnsafeMutableBufferPointer(rebasing: storage[count..<end])
    }

    /// Whether the last lines are what libjpeg puts in place of a picture's missing end (jdhuff.c, "insufficient data":
    /// blocks of zeros, which are samples of 128 exactly). A driverless scanner's JPEG that was cut off comes out of
    /// sane-airscan so, and with a good status. No sensor sees a line of 128 and nothing else.
    func endsInFiller(_ frame: PageFrame, lines: Int) -> Bool {
        // A row of blocks has 8 lines, or 16 where colour is halved.
        let least = 16
        guard frame.samples == .colour8 || frame.samples == .grey8, lines > least else { return false }
        let sampled = frame.width * frame.samples.bitsPerPixel / 8
        return (lines - least..<lines).allSatisfy { line in
            bytes[line * frame.bytesPerLine..<line * frame.bytesPerLine + sampled].allSatisfy { $0 == 128 }
        }
    }

    func received(_ bytes: Int) throws(ScanError) {
        guard (0...offered).contains(bytes) else { throw .failed("the SANE back end returned \(bytes) bytes") }
        count += bytes
    }
}
