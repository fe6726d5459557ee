/// Where the parts of a scan stand in a report of scanned data. Places count from 0 after the report's number.
///
/// The report descriptor tells them (HID Point of Sale Usage Tables 1.02, 4); where it does not, the kiosk's data about
/// the make does.
public struct HIDPOSLayout: Sendable, Hashable {
    /// The report's number; 0 when the reader's reports have none.
    public var report: UInt8
    /// The byte that counts the data.
    public var length: Int
    /// The first of three bytes with the AIM identifier, such as `]Q1`; nil when the reader sends none.
    public var identifier: Int?
    /// The first byte of data.
    public var data: Int
    /// How many bytes of data fit.
    public var capacity: Int
    /// The byte that is nonzero when the text goes on in the next report; nil when every report is a whole text.
    public var continued: Int?

    public init(report: UInt8 = 2, length: Int, identifier: Int?, data: Int, capacity: Int, continued: Int?) {
        self.report = report
        self.length = length
        self.identifier = identifier
        self.data = data
        self.capacity = capacity
        self.continued = continued
    }

    /// A report of 63 bytes whose last one is the flag.
    public init(length: Int = 0, identifier: Int?, data: Int, continued: Int = 62) {
        self.init(
            length: length, identifier: identifier, data: data, capacity: max(0, continued - data), continued: continued
        )
    }

    /// As the usage tables' own example has it: Honeywell and most.
    public static let common = HIDPOSLayout(identifier: 1, data: 4)
    /// One byte later: Zebra, Datalogic.
    public static let late = HIDPOSLayout(identifier: 2, data: 5)

    /// The bytes that a report has at least, without its number.
    var size: Int {
        max(length + 1, data + capacity, (identifier ?? -3) + 3, (continued ?? -1) + 1)
    }

    /// No layout that a report of 64 bytes (full speed) or of a few packets could not have.
    static let largest = 1024
}

extension HIDReportDescriptor {
    /// The usages of a scanned data report.
    private enum Part {
        static let byteCount = Usage(page: 0x01, usage: 0x3B)
        static let identifier = Usage(page: 0x8C, usage: 0xFB)
        static let decodedData = Usage(page: 0x8C, usage: 0xFE)
        static let continued = Usage(page: 0x8C, usage: 0xFF)
    }

    /// The layout of the report of scanned data; nil when the descriptor does not tell where length and data stand.
    public var scannedData: HIDPOSLayout? {
        for report in inputReports.sorted() {
            guard let length = place(of: Part.byteCount, in: report),
                let data = place(of: Part.decodedData, in: report),
                length.byte < HIDPOSLayout.largest, data.byte + data.count <= HIDPOSLayout.largest,
                !(data.byte..<data.byte + data.count).contains(length.byte)
            else { continue }
            return HIDPOSLayout(
                report: report, length: length.byte, identifier: place(of: Part.identifier, in: report)?.byte,
                data: data.byte, capacity: data.count, continued: place(of: Part.continued, in: report)?.byte)
        }
        return nil
    }

    /// - Returns: nil where the usage does not stand on whole bytes.
    private func place(of usage: Usage, in report: UInt8) -> (byte: Int, count: Int)? {
        for field in inputFields where field.report == report && field.bitSize == 8 && field.bitOffset % 8 == 0 {
            guard let index = field.usages.firstIndex(of: usage), index < field.count else { continue }
            // The last usage stands for all that follow (HID 1.11, 6.2.2.8).
            let count = index == field.usages.count - 1 ? field.count - index : 1
            return (field.bitOffset / 8 + index, count)
        }
        return nil
    }
}
