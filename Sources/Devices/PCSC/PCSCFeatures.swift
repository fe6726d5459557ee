/// How a reader says how long an APDU may be (PC/SC part 10, 2.2 and 2.6.14). Pure.
enum PCSCFeatures {
    /// CM_IOCTL_GET_FEATURE_REQUEST: SCARD_CTL_CODE(3400), which pcsc-lite makes of 42000000h.
    static let request: UInt = 0x4200_0000 + 3400
    private static let tlvProperties: UInt8 = 0x12
    private static let maximumDataSize: UInt8 = 0x0A

    /// The control code of FEATURE_GET_TLV_PROPERTIES in the list of features: tag, length 4, code big-endian.
    static func propertiesCode(in features: [UInt8]) -> UInt? {
        value(of: tlvProperties, in: features).flatMap {
            $0.count == 4 ? UInt($0.reduce(0) { $0 << 8 | UInt32($1) }) : nil
        }
    }

    /// dwMaxAPDUDataSize, little-endian; nil when the reader does not say.
    static func maximumDataSize(in properties: [UInt8]) -> Int? {
        value(of: maximumDataSize, in: properties).flatMap {
            $0.count == 4 ? Int($0.reversed().reduce(0) { $0 << 8 | UInt32($1) }) : nil
        }
    }

    /// The value of a tag in a row of one-byte tags and lengths; nil when it is not there or the row ends early.
    private static func value(of tag: UInt8, in bytes: [UInt8]) -> [UInt8]? {
        var rest = bytes[...]
        while rest.count >= 2, let found = rest.first {
            let length = Int(rest[rest.startIndex + 1])
            rest = rest.dropFirst(2)
            guard rest.count >= length else { return nil }
            if found == tag { return Array(rest.prefix(length)) }
            rest = rest.dropFirst(length)
        }
        return nil
    }
}
