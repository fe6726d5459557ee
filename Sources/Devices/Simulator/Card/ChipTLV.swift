/// TLV as the chip writes and reads it. Kept apart from the reader's own on purpose: a mistake in one shows against the
/// other.
enum ChipTLV {
    static func object(_ tag: [UInt8], _ content: [UInt8]) -> [UInt8] {
        var length: [UInt8] = []
        var rest = content.count
        while rest > 0 {
            length.insert(UInt8(rest & 0xFF), at: 0)
            rest >>= 8
        }
        if content.count > 127 {
            length.insert(0x80 | UInt8(length.count), at: 0)
        } else {
            length = [UInt8(content.count)]
        }
        return tag + length + content
    }

    static func object(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] { object([tag], content) }

    /// The objects with tags of one byte and lengths up to 65,535 that make up some command data.
    /// - Returns: nil when they do not.
    static func parse(_ bytes: [UInt8]) -> [(tag: UInt8, content: [UInt8])]? {
        var objects: [(tag: UInt8, content: [UInt8])] = []
        var at = 0
        while at < bytes.count {
            guard at + 2 <= bytes.count else { return nil }
            let tag = bytes[at]
            var length = Int(bytes[at + 1])
            at += 2
            if length > 0x80 {
                let count = length - 0x80
                guard count <= 2, at + count <= bytes.count else { return nil }
                length = bytes[at..<at + count].reduce(0) { $0 * 256 + Int($1) }
                at += count
            }
            guard at + length <= bytes.count else { return nil }
            objects.append((tag, Array(bytes[at..<at + length])))
            at += length
        }
        return objects
    }
}
