/// Padding method 2 of ISO/IEC 9797-1: one byte 80h, then zeros up to the block's end. Always adds at least a byte.
public enum ISOPadding {
    public static func added(to data: [UInt8], block: Int) -> [UInt8] {
        data + [0x80] + [UInt8](repeating: 0, count: block - 1 - data.count % block)
    }

    /// - Returns: nil when the data does not end in 80h and zeros.
    public static func removed(from data: [UInt8]) -> [UInt8]? {
        guard let marker = data.lastIndex(where: { $0 != 0 }), data[marker] == 0x80 else { return nil }
        return Array(data[..<marker])
    }
}
