/// What the driver needs to know of a HID report descriptor (HID 1.11, 6.2.2): which application it describes and
/// which reports there are.
public struct HIDReportDescriptor: Sendable, Equatable {
    /// A usage page and a usage in it.
    public struct Usage: Sendable, Hashable {
        public var page: UInt16
        public var usage: UInt16

        public init(page: UInt16, usage: UInt16) {
            self.page = page
            self.usage = usage
        }

        /// Bar code scanner (HID Point of Sale Usage Tables 1.02).
        public static let barcodeScanner = Usage(page: 0x8C, usage: 0x02)
    }

    /// Usages of the application collections.
    public private(set) var applications: Set<Usage> = []
    /// Report numbers of input and of feature reports; 0 stands for a report without a number.
    public private(set) var inputReports: Set<UInt8> = []
    public private(set) var featureReports: Set<UInt8> = []

    public static let longest = 4096

    /// - Returns: nil when an item runs over the end, or the descriptor is longer than 4096 bytes.
    public init?(_ bytes: [UInt8]) {
        guard bytes.count <= Self.longest else { return nil }
        var page: UInt16 = 0
        var usage: Usage?
        var report: UInt8 = 0
        var at = 0
        while at < bytes.count {
            let prefix = bytes[at]
            // A long item (6.2.2.3) carries its size in the next byte; none is defined, all are skipped.
            if prefix == 0xFE {
                guard at + 2 < bytes.count else { return nil }
                at += 3 + Int(bytes[at + 1])
                continue
            }
            let size = prefix & 3 == 3 ? 4 : Int(prefix & 3)
            guard at + 1 + size <= bytes.count else { return nil }
            let value = bytes[at + 1..<at + 1 + size].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            at += 1 + size
            switch prefix & 0xFC {
            case 0x04: page = UInt16(truncatingIfNeeded: value)
            case 0x84: report = UInt8(truncatingIfNeeded: value)
            case 0x08 where usage == nil:
                let ownPage = size == 4 ? UInt16(truncatingIfNeeded: value >> 16) : page
                usage = Usage(page: ownPage, usage: UInt16(truncatingIfNeeded: value))
            case 0xA0:
                if value == 1, let usage { applications.insert(usage) }
                usage = nil
            case 0x80:
                inputReports.insert(report)
                usage = nil
            case 0xB0:
                featureReports.insert(report)
                usage = nil
            case 0x90: usage = nil
            default: break
            }
        }
    }

    public var isBarcodeScanner: Bool { applications.contains(.barcodeScanner) }
}
