import Foundation

/// Joins the reports of one scan into a text. Letters may be cut anywhere, so the bytes are joined before they are
/// decoded.
public struct QRTextAssembler: Sendable {
    public enum Result: Sendable, Equatable {
        /// More reports belong to this scan.
        case needsMore
        /// The whole text, in NFC.
        case text(String)
        case rejected(Rejection)
    }

    /// Why a scan gave no text. Carries nothing of it.
    public enum Rejection: String, Sendable, Equatable {
        case notAScan = "not-a-scan"
        case tooLong = "too-long"
        case notUTF8 = "not-utf-8"
        case empty
    }

    /// More than the largest QR code holds (2953 bytes, version 40-L).
    public static let longest = 4096

    private var bytes: [UInt8] = []
    private var isOverlong = false
    public private(set) var isHalfway = false

    public init() {}

    /// Forgets a scan whose end did not come.
    public mutating func abandon() { self = QRTextAssembler() }

    /// - Parameter report: as it comes from the endpoint, the report's number first.
    public mutating func feed(_ report: [UInt8]) -> Result {
        guard let report = HIDPOSReport(report) else { return .rejected(.notAScan) }
        isHalfway = report.isContinued
        if bytes.count + report.data.count > Self.longest { isOverlong = true }
        if !isOverlong { bytes += report.data }
        guard !report.isContinued else { return .needsMore }
        defer { abandon() }
        return isOverlong ? .rejected(.tooLong) : Self.decode(bytes)
    }

    /// Readers are often set to end a scan with CR, LF or TAB.
    private static func decode(_ bytes: [UInt8]) -> Result {
        let end = bytes.lastIndex { ![0x0D, 0x0A, 0x09, 0x00].contains($0) }
        guard let end else { return .rejected(.empty) }
        guard let text = String(validating: bytes[...end], as: UTF8.self) else { return .rejected(.notUTF8) }
        return .text(text.precomposedStringWithCanonicalMapping)
    }
}
