import CSANE
import DocumentScanner
import Peripherals

/// The moment at which libsane returned a status; the same status means different things at different moments.
enum SANEMoment: Sendable, CaseIterable {
    case open
    /// `sane_start` or the first bytes of a page.
    case pageStart
    /// Between the first and the last bytes of a page.
    case pageBody
}

/// What a SANE status means for a scan (SANE Standard 1.06, 4.2.7 "Scanner Status").
enum SANEStatus {
    /// - Parameter pages: how many pages of this batch are finished.
    /// - Returns: nil when the batch is over and all is well.
    static func error(_ status: SANE_Status, at moment: SANEMoment, pages: Int) -> ScanError? {
        switch status {
        case SANE_STATUS_GOOD: nil
        case SANE_STATUS_NO_DOCS:
            switch moment {
            // After at least one page, an empty feeder is the end of the batch.
            case .pageStart where pages > 0: nil
            case .open, .pageStart: .device(.feederEmpty)
            // A sheet that ends in the middle was pulled out or slipped.
            case .pageBody: .device(.jam)
            }
        case SANE_STATUS_JAMMED: .device(.jam)
        case SANE_STATUS_COVER_OPEN: .device(.coverOpen)
        case SANE_STATUS_DEVICE_BUSY: .device(.busy)
        case SANE_STATUS_ACCESS_DENIED: .device(.accessDenied)
        case SANE_STATUS_CANCELLED: .cancelled
        // SANE 1.1 drafts: 12 is "lamp not ready", 13 is "mechanism locked for transport". Some back ends send them.
        case SANE_Status(rawValue: 12): .device(.warmingUp)
        case SANE_Status(rawValue: 13): .failed("the scanner is locked for transport: unlock it")
        case SANE_STATUS_INVAL, SANE_STATUS_IO_ERROR:
            switch moment {
            case .open: .device(.absent)
            case .pageStart, .pageBody: .device(.fault)
            }
        case SANE_STATUS_UNSUPPORTED: .failed("the SANE back end cannot do this scan: check source, mode and options")
        case SANE_STATUS_EOF: .failed("the scanner ended a page before its last line")
        case SANE_STATUS_NO_MEM: .failed("the SANE back end ran out of memory: lower the resolution")
        default: .failed("the SANE back end returned status \(status.rawValue)")
        }
    }
}
