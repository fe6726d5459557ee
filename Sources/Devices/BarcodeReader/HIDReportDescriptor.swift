/// What the driver needs to know of a HID report descriptor (HID 1.11, 6.2.2): which application it describes, which
/// reports there are, and what stands where in the input reports.
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

    /// One main item of an input report: `count` values of `bitSize` bits each.
    public struct Field: Sendable, Equatable {
        public var report: UInt8
        /// From the first bit after the report's number.
        public var bitOffset: Int
        public var bitSize: Int
        public var count: Int
        public var usages: [Usage]
    }

    /// Usages of the application collections.
    public private(set) var applications: Set<Usage> = []
    /// Report numbers of input and of feature reports; 0 stands for a report without a number.
    public private(set) var inputReports: Set<UInt8> = []
    public private(set) var featureReports: Set<UInt8> = []
    public private(set) var inputFields: [Field] = []

    public static let longest = 4096
    /// Far above what any report holds; a descriptor that says more is none.
    private static let bitLimit = 1 << 16
    private static let fieldLimit = 1024
    private static let stackLimit = 16

    public var isBarcodeScanner: Bool { applications.contains(.barcodeScanner) }

    /// - Returns: nil when an item runs over the end, when a report grows beyond any sense, or when the descriptor is
    ///   longer than 4096 bytes.
    public init?(_ bytes: [UInt8]) {
        guard bytes.count <= Self.longest else { return nil }
        var state = State()
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
            guard take(prefix & 0xFC, value, size: size, &state) else { return nil }
        }
    }

    /// The item state table (HID 1.11, 5.4).
    private struct State {
        struct Globals {
            var page: UInt16 = 0
            var report: UInt8 = 0
            var bitSize = 0
            var count = 0
        }
        var globals = Globals()
        var stack: [Globals] = []
        var usages: [Usage] = []
        var usageMinimum: UInt16?
        /// Bits of each input report so far.
        var bits: [UInt8: Int] = [:]

        /// Local items hold until the next main item (HID 1.11, 6.2.2.8).
        mutating func endItem() { (usages, usageMinimum) = ([], nil) }
    }

    /// - Returns: false for what no descriptor says.
    private mutating func take(_ item: UInt8, _ value: UInt32, size: Int, _ state: inout State) -> Bool {
        switch item {
        case 0x04: state.globals.page = UInt16(truncatingIfNeeded: value)
        case 0x74: state.globals.bitSize = Int(value)
        case 0x84: state.globals.report = UInt8(truncatingIfNeeded: value)
        case 0x94: state.globals.count = Int(value)
        case 0xA4:
            guard state.stack.count < Self.stackLimit else { return false }
            state.stack.append(state.globals)
        case 0xB4:
            guard let last = state.stack.popLast() else { return false }
            state.globals = last
        case 0x08:
            guard state.usages.count < Self.fieldLimit else { return false }
            let page = size == 4 ? UInt16(truncatingIfNeeded: value >> 16) : state.globals.page
            state.usages.append(Usage(page: page, usage: UInt16(truncatingIfNeeded: value)))
        case 0x18: state.usageMinimum = UInt16(truncatingIfNeeded: value)
        case 0x28:
            guard let first = state.usageMinimum else { break }
            let last = UInt16(truncatingIfNeeded: value)
            guard first <= last, state.usages.count + Int(last - first) < Self.fieldLimit else { return false }
            state.usages += (first...last).map { Usage(page: state.globals.page, usage: $0) }
        case 0xA0:
            if value == 1, let usage = state.usages.first { applications.insert(usage) }
            state.endItem()
        case 0x80: return takeInput(&state)
        case 0xB0:
            featureReports.insert(state.globals.report)
            state.endItem()
        case 0x90: state.endItem()
        default: break
        }
        return true
    }

    private mutating func takeInput(_ state: inout State) -> Bool {
        let globals = state.globals
        let (offset, usages) = (state.bits[globals.report, default: 0], state.usages)
        inputReports.insert(globals.report)
        state.endItem()
        guard globals.bitSize <= Self.bitLimit, globals.count <= Self.bitLimit,
            inputFields.count < Self.fieldLimit, offset + globals.bitSize * globals.count <= Self.bitLimit
        else { return false }
        inputFields.append(
            Field(
                report: globals.report, bitOffset: offset, bitSize: globals.bitSize, count: globals.count,
                usages: usages))
        state.bits[globals.report] = offset + globals.bitSize * globals.count
        return true
    }
}
