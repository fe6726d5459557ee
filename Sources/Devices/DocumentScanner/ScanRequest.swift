import Foundation

/// What `kiosk-scan` is asked to do: one line of JSON on its standard input, which then stays open as a leash. When
/// the daemon dies, the line ends and the scan with it.
public struct ScanRequest: Sendable, Equatable, Codable {
    public enum Job: String, Sendable, Codable {
        case list
        case status
        /// What the scanner can do: it is opened, and nothing moves.
        case describe
        case scan
    }

    public var job: Job
    public var device: ScannerSelection
    /// The scanner that was used last; looked for first, whatever it is called now.
    public var past: FoundScanner?
    public var settings: ScanSettings
    /// Where pages are written; needed for `scan`.
    public var directory: String?

    public init(
        job: Job, device: ScannerSelection = .first, past: FoundScanner? = nil,
        settings: ScanSettings = ScanSettings(), directory: String? = nil
    ) {
        self.job = job
        self.device = device
        self.past = past
        self.settings = settings
        self.directory = directory
    }

    /// Bytes of the longest request that is read.
    public static let lengthLimit = 65_536

    public init(line: String) throws(ScanRequestError) {
        guard line.utf8.count <= Self.lengthLimit else { throw .tooLong }
        do {
            self = try JSONDecoder().decode(ScanRequest.self, from: Data(line.utf8))
        } catch {
            throw .malformed
        }
        try settings.validate()
        guard job != .scan || directory != nil else { throw .noDirectory }
    }

    /// The request as one line, without the line feed.
    public func line() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
}

/// Why a request was refused before anything was scanned.
public enum ScanRequestError: Error, Sendable, Equatable, CustomStringConvertible {
    case malformed
    case tooLong
    case noDirectory
    case outOfRange(String, ClosedRange<Int>)

    public var description: String {
        switch self {
        case .malformed:
            "the request is no JSON object of a scan request: compare it with the README of DocumentScanner"
        case .tooLong: "the request is longer than \(ScanRequest.lengthLimit) bytes"
        case .noDirectory: "a scan needs a directory: give --output DIR"
        case .outOfRange(let name, let range):
            "\(name) must lie between \(range.lowerBound) and \(range.upperBound)"
        }
    }
}
