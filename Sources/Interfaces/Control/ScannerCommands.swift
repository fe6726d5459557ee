import Foundation
import Peripherals

/// `kioskctl scanner status`
public struct ScannerStatusCommand: ControlCommand {
    public static let name = "scanner-status"
    public init() {}

    public struct Reply: Codable, Sendable, Equatable {
        public var device: DeviceReport
        /// nil while the scanner cannot be asked what it can do.
        public var summary: ScannerSummary?
        public init(device: DeviceReport, summary: ScannerSummary?) {
            self.device = device
            self.summary = summary
        }
    }
}

/// Pages that a technician scanned, and what ended the batch.
public struct ScannedBatch: Codable, Sendable, Equatable {
    public var pages: [Page]
    public var milliseconds: Int
    /// What went wrong after the last page; nil for a good end.
    public var fault: ControlFault?

    public struct Page: Codable, Sendable, Equatable {
        /// Pixels.
        public var width: Int
        public var height: Int
        /// Dots per inch.
        public var resolution: Int
        /// Of its JPEG.
        public var bytes: Int
        /// Since the page before, or since the beginning.
        public var milliseconds: Int

        public init(width: Int, height: Int, resolution: Int, bytes: Int, milliseconds: Int) {
            self.width = width
            self.height = height
            self.resolution = resolution
            self.bytes = bytes
            self.milliseconds = milliseconds
        }
    }

    public init(pages: [Page], milliseconds: Int, fault: ControlFault?) {
        self.pages = pages
        self.milliseconds = milliseconds
        self.fault = fault
    }
}

/// `kioskctl scan test`: scans what lies in the feeder, or one page from the glass, and forgets it.
public struct ScanTestCommand: ControlCommand {
    public static let name = "scan-test"
    public typealias Reply = ScannedBatch
    public var choices: ScanChoices
    public init(choices: ScanChoices = ScanChoices()) { self.choices = choices }
}

/// `kioskctl scan --to FILE`: scans into a PDF, which is then fetched in pieces. The daemon writes to no path that
/// somebody names.
public struct ScanDocumentCommand: ControlCommand {
    public static let name = "scan-document"
    public var choices: ScanChoices
    public init(choices: ScanChoices = ScanChoices()) { self.choices = choices }

    public struct Reply: Codable, Sendable, Equatable {
        public var batch: ScannedBatch
        /// For ``ScanFetchCommand``; nil when no page was scanned.
        public var document: UUID?
        /// Of the PDF.
        public var bytes: Int

        public init(batch: ScannedBatch, document: UUID?, bytes: Int) {
            self.batch = batch
            self.document = document
            self.bytes = bytes
        }
    }
}

/// The next piece of a scanned PDF. The last one ends it: the daemon keeps nothing.
public struct ScanFetchCommand: ControlCommand {
    public static let name = "scan-fetch"
    public var document: UUID
    public var offset: Int

    public init(document: UUID, offset: Int) {
        self.document = document
        self.offset = offset
    }

    public struct Reply: Codable, Sendable, Equatable {
        /// At most ``pieceLimit``; empty behind the end.
        public var bytes: Data
        public var isLast: Bool

        /// As Base64 it fits into a line.
        public static let pieceLimit = ControlWire.lineLimit / 2

        public init(bytes: Data, isLast: Bool) {
            self.bytes = bytes
            self.isLast = isLast
        }
    }
}
