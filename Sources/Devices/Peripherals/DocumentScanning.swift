import Foundation

/// One page in a file.
public struct ScannedPage: Sendable, Equatable, Codable {
    /// A JPEG file, colour or grey.
    public var file: URL
    /// Pixels.
    public var width: Int
    public var height: Int
    /// Dots per inch.
    public var resolution: Int

    public init(file: URL, width: Int, height: Int, resolution: Int) {
        self.file = file
        self.width = width
        self.height = height
        self.resolution = resolution
    }
}

/// Why a scan ended without its pages. `code` names the locale text `scan.error.<code>`.
public enum ScanError: Error, Sendable, Equatable {
    case device(ScannerCondition)
    /// The scanner did not answer within the deadline; its process was ended and is started anew for the next scan.
    case timedOut
    case diskFull
    case cancelled
    /// For the technician.
    case failed(String)

    public var code: String {
        switch self {
        case .device(let condition): condition.code
        case .timedOut: "timed-out"
        case .diskFull: "disk-full"
        case .cancelled: "cancelled"
        case .failed: "failed"
        }
    }
}

/// The document scanner as the journey sees it.
public protocol DocumentScanning: Sendable {
    func condition() async -> ScannerCondition
    /// Scans what lies in the feeder (until it is empty), or one page from the glass, into `directory`.
    /// Pages arrive as they are finished; the end of the feeder is the end of the stream, not an error.
    func scan(into directory: URL) -> AsyncThrowingStream<ScannedPage, any Error>
    /// What the scanner is and can do, for technicians; nil where nobody knows.
    func summary() async -> ScannerSummary?
    /// The same as ``scan(into:)`` with another choice of source, mode, paper or resolution, for technicians.
    func scan(into directory: URL, choices: ScanChoices) -> AsyncThrowingStream<ScannedPage, any Error>
}

extension DocumentScanning {
    public func summary() async -> ScannerSummary? { nil }

    public func scan(into directory: URL, choices: ScanChoices) -> AsyncThrowingStream<ScannedPage, any Error> {
        scan(into: directory)
    }
}
