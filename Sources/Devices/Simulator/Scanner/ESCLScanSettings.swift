import CXML2
import Foundation

/// The order of a scan as a driver posts it to `/eSCL/ScanJobs` (Mopria eSCL Specification 2.97, 7).
struct ESCLScanSettings: Equatable, Sendable {
    enum Source: String, Sendable {
        case platen = "Platen"
        case feeder = "Feeder"
    }

    var source: Source
    /// Both sides of each sheet; from the feeder only.
    var isDuplex = false
    var area: ScanArea

    static let lengthLimit = 65_536
    static let resolutions = [75, 100, 150, 200, 300, 600]
    /// The bed in three-hundredths of an inch: 215.9 × 304.8 mm.
    static let bed = (width: 2550, height: 3600)
    /// The feeder takes longer sheets: up to 431.8 mm.
    static let feederHeight = 5100

    /// - Returns: nil when the document is none, or asks for what the scanner does not have.
    init?(xml: [UInt8]) {
        guard xml.count <= Self.lengthLimit else { return nil }
        let flags = Int32(XML_PARSE_NONET.rawValue | XML_PARSE_NOERROR.rawValue | XML_PARSE_NOWARNING.rawValue)
        let text = xml.map { CChar(bitPattern: $0) }
        guard let document = xmlReadMemory(text, Int32(text.count), nil, nil, flags) else { return nil }
        defer { xmlFreeDoc(document) }
        guard let root = xmlDocGetRootElement(document) else { return nil }
        var values: [String: String] = [:]
        Self.collect(root, depth: 0, into: &values)

        guard let source = Source(rawValue: values["InputSource"] ?? "Platen") else { return nil }
        let resolution = Int(values["XResolution"] ?? "300") ?? 0
        guard Self.resolutions.contains(resolution), values["YResolution"].map({ $0 == String(resolution) }) ?? true
        else { return nil }
        let x = Int(values["XOffset"] ?? "0") ?? -1
        let y = Int(values["YOffset"] ?? "0") ?? -1
        let width = Int(values["Width"] ?? "2480") ?? 0
        let height = Int(values["Height"] ?? "3508") ?? 0
        let length = source == .feeder ? Self.feederHeight : Self.bed.height
        guard (0..<Self.bed.width).contains(x), (0..<length).contains(y),
            (1...Self.bed.width - x).contains(width), (1...length - y).contains(height)
        else { return nil }
        isDuplex = source == .feeder && values["Duplex"] == "true"
        let millimetres = 25.4 / 300
        self.source = source
        self.area = ScanArea(
            x: Double(x) * millimetres, y: Double(y) * millimetres, width: Double(width) * millimetres,
            height: Double(height) * millimetres, resolution: resolution,
            isColour: (values["ColorMode"] ?? "RGB24") == "RGB24")
    }

    private static func collect(_ node: UnsafeMutablePointer<xmlNode>, depth: Int, into values: inout [String: String])
    {
        var child = node.pointee.children
        while let current = child {
            if current.pointee.type == XML_ELEMENT_NODE {
                if let inner = current.pointee.children, inner.pointee.type == XML_TEXT_NODE,
                    let content = inner.pointee.content
                {
                    values[String(cString: current.pointee.name)] =
                        String(cString: content).trimmingCharacters(in: .whitespacesAndNewlines)
                }
                if depth < 8 { collect(current, depth: depth + 1, into: &values) }
            }
            child = current.pointee.next
        }
    }
}
