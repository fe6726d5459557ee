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
        return (pixels, frame, try frame.lines(in: pixels.count))
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

    func received(_ bytes: Int) throws(ScanError) {
        guard (0...offered).contains(bytes) else { throw .failed("the SANE back end returned \(bytes) bytes") }
        count += bytes
    }
}
