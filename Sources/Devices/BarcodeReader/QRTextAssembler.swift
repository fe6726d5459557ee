/// Joins the HID POS reports of one scan into a text. Letters may be cut anywhere, so the bytes are joined before they
/// are decoded.
public struct QRTextAssembler: Sendable {
    public enum Result: Sendable, Equatable {
        /// More reports belong to this scan.
        case needsMore
        /// The whole text, in NFC.
        case text(String)
        case rejected(ScanRejection)
    }

    public static let longest = ScanBytes.longest

    private let layouts: [HIDPOSLayout]
    private var bytes: [UInt8] = []
    private var isOverlong = false
    public private(set) var isHalfway = false

    /// - Parameter layouts: as `HIDPOSReport` takes them.
    public init(layouts: [HIDPOSLayout] = [.common, .late]) {
        self.layouts = layouts
    }

    /// Forgets a scan whose end did not come.
    public mutating func abandon() { self = QRTextAssembler(layouts: layouts) }

    /// - Parameter report: as it comes from the endpoint, the report's number first.
    public mutating func feed(_ report: [UInt8]) -> Result {
        guard let report = HIDPOSReport(report, layouts: layouts) else { return .rejected(.notAScan) }
        isHalfway = report.isContinued
        if bytes.count + report.data.count > Self.longest { isOverlong = true }
        if !isOverlong { bytes += report.data }
        guard !report.isContinued else { return .needsMore }
        defer { abandon() }
        guard !isOverlong else { return .rejected(.tooLong) }
        switch ScanBytes.text(bytes) {
        case .success(let text): return .text(text)
        case .failure(let reason): return .rejected(reason)
        }
    }
}
