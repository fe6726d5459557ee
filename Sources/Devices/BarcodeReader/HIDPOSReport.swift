/// One report of scanned data as a HID POS reader sends it.
public struct HIDPOSReport: Sendable, Equatable {
    /// The AIM identifier, for example `]Q1`; nil when the reader sends none.
    public var symbology: String?
    public var data: [UInt8]
    public var isContinued: Bool

    /// The report's number in all makes that were seen.
    static let number: UInt8 = 2

    /// - Parameters:
    ///   - bytes: as they come from the interrupt endpoint, the report's number first.
    ///   - layouts: the likeliest first. The first one that has an AIM identifier in its place is taken; without an
    ///     identifier anywhere, the first.
    /// - Returns: nil for another report, and for lengths that cannot be.
    public init?(_ bytes: [UInt8], layouts: [HIDPOSLayout] = [.common, .late]) {
        let fitting = layouts.filter { layout in
            bytes.count >= layout.size + (layout.report == 0 ? 0 : 1)
                && (layout.report == 0 || bytes.first == layout.report)
        }
        guard let layout = fitting.first(where: { Self.identifier(Self.body(bytes, $0), $0) != nil }) ?? fitting.first
        else { return nil }
        let body = Self.body(bytes, layout)
        let length = Int(body[layout.length])
        guard length <= layout.capacity else { return nil }
        symbology = Self.identifier(body, layout)
        data = [UInt8](body[layout.data..<layout.data + length])
        isContinued = layout.continued.map { body[$0] != 0 } ?? false
    }

    private static func body(_ bytes: [UInt8], _ layout: HIDPOSLayout) -> [UInt8] {
        layout.report == 0 ? bytes : [UInt8](bytes.dropFirst())
    }

    private static func identifier(_ body: [UInt8], _ layout: HIDPOSLayout) -> String? {
        layout.identifier.flatMap { AIMIdentifier.text(body[$0..<$0 + 3]) }
    }
}

/// AIM identifiers (ISO/IEC 15424): `]`, a letter, a modifier.
enum AIMIdentifier {
    /// - Returns: nil when the bytes do not begin with one.
    static func text(_ bytes: some Collection<UInt8>) -> String? {
        let three = [UInt8](bytes.prefix(3))
        guard three.count == 3, three[0] == 0x5D, isLetter(three[1]), isLetter(three[2]) || isDigit(three[2]) else {
            return nil
        }
        return String(decoding: three, as: UTF8.self)
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
