/// One BER-TLV data object (ISO/IEC 7816-4, 5.2.2) inside bytes that came from a card.
///
/// Nothing is copied or re-encoded: `value` and `encoded` are slices of what was read, so that hashes are taken over the
/// card's own bytes. One level is read at a time, so that nesting costs nothing that the caller does not ask for.
public struct TLV: Sendable, Equatable {
    public enum Failure: Error, Sendable, Equatable, CustomStringConvertible {
        case truncated
        /// A tag of more than three bytes, or a length of more than four: no identity card has them.
        case unsupported
        case tooManyObjects
        /// Another object than the one that belongs here.
        case unexpectedTag(UInt32)

        public var description: String {
            switch self {
            case .truncated: "a length reaches beyond the end"
            case .unsupported: "a tag or a length of a form that no identity card has"
            case .tooManyObjects: "more than \(TLV.objectLimit) objects on one level"
            case .unexpectedTag(let tag): "tag \(String(tag, radix: 16, uppercase: true)) stands where another belongs"
            }
        }
    }

    /// Objects on one level; a card's files have fewer than fifty.
    public static let objectLimit = 512

    /// All bytes of the tag, for example 61h, 5F1Fh, 7F49h.
    public let tag: UInt32
    public let value: ArraySlice<UInt8>
    public let encoded: ArraySlice<UInt8>

    public var bytes: [UInt8] { Array(value) }

    /// The tag and length at the beginning of an object.
    public struct Header: Sendable, Equatable {
        public var tag: UInt32
        /// Bytes of tag and length together.
        public var headerLength: Int
        /// Bytes of the value.
        public var valueLength: Int
        public var totalLength: Int { headerLength + valueLength }
    }

    /// Reads a header.
    public static func header(of bytes: ArraySlice<UInt8>) throws(Failure) -> Header {
        var at = bytes.startIndex
        func next() throws(Failure) -> UInt8 {
            guard at < bytes.endIndex else { throw .truncated }
            defer { at += 1 }
            return bytes[at]
        }
        var tag = UInt32(try next())
        if tag & 0x1F == 0x1F {
            var byte: UInt8
            repeat {
                guard tag < 1 << 16 else { throw .unsupported }
                byte = try next()
                tag = tag << 8 | UInt32(byte)
            } while byte & 0x80 != 0
        }
        let first = try next()
        var length = Int(first)
        if first & 0x80 != 0 {
            let count = Int(first & 0x7F)
            guard (1...4).contains(count) else { throw .unsupported }
            length = 0
            for _ in 0..<count { length = length << 8 | Int(try next()) }
        }
        return Header(tag: tag, headerLength: at - bytes.startIndex, valueLength: length)
    }

    /// Reads the first object; `rest` becomes what follows it.
    public init(first rest: inout ArraySlice<UInt8>) throws(Failure) {
        let header = try Self.header(of: rest)
        guard header.valueLength <= rest.count - header.headerLength else { throw .truncated }
        tag = header.tag
        encoded = rest.prefix(header.totalLength)
        value = encoded.dropFirst(header.headerLength)
        rest = rest.dropFirst(header.totalLength)
    }

    /// Reads one object that must have this tag; bytes after it are padding of the file and are left alone.
    public init(_ bytes: [UInt8], tag expected: UInt32) throws(Failure) {
        var rest = bytes[...]
        try self.init(first: &rest)
        guard tag == expected else { throw .unexpectedTag(tag) }
    }

    /// Reads objects until the bytes end.
    public static func all(in bytes: ArraySlice<UInt8>) throws(Failure) -> [TLV] {
        var rest = bytes
        var objects: [TLV] = []
        while !rest.isEmpty {
            guard objects.count < objectLimit else { throw .tooManyObjects }
            objects.append(try TLV(first: &rest))
        }
        return objects
    }

    /// The objects inside this one.
    public func children() throws(Failure) -> [TLV] { try Self.all(in: value) }

    /// Writes an object.
    public static func encode(_ tag: UInt32, _ value: [UInt8]) -> [UInt8] {
        let tagBytes = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: tag >> $0) }.drop { $0 == 0 }
        let length: [UInt8] =
            switch value.count {
            case ..<0x80: [UInt8(value.count)]
            case ..<0x100: [0x81, UInt8(value.count)]
            case ..<0x1_0000: [0x82, UInt8(value.count >> 8), UInt8(value.count & 0xFF)]
            default: [0x84] + [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value.count >> $0) }
            }
        return tagBytes + length + value
    }
}
