/// The historical bytes of an answer to reset or to select (ISO/IEC 7816-4:2013, 12.1.1).
public struct HistoricalBytes: Sendable, Equatable {
    /// An answer to reset has at most 15; an answer to select as many as its frame carries.
    public let bytes: [UInt8]
    /// Compact objects by tag number, 1 to 15; of two with one number the first. Empty when the category byte says that
    /// the bytes have the maker's own form.
    public let objects: [UInt8: [UInt8]]

    /// Reads what it understands: a compact object that runs over the end ends the list.
    public init(_ bytes: some Collection<UInt8>) {
        self.bytes = Array(bytes)
        objects = Self.objects(in: self.bytes)
    }

    /// Card capabilities (compact tag 7, table 117).
    public var capabilities: CardCapabilities? { objects[7].flatMap { CardCapabilities($0) } }

    private static func objects(in bytes: [UInt8]) -> [UInt8: [UInt8]] {
        // 00h: three bytes of status end the list; 80h: objects to the end. Anything else is not made of objects.
        var rest: ArraySlice<UInt8>
        switch bytes.first {
        case 0x00: rest = bytes.dropFirst().dropLast(3)
        case 0x80: rest = bytes.dropFirst()
        default: return [:]
        }
        var objects: [UInt8: [UInt8]] = [:]
        while let head = rest.popFirst(), rest.count >= Int(head & 0x0F) {
            let (tag, length) = (head >> 4, Int(head & 0x0F))
            if objects[tag] == nil { objects[tag] = Array(rest.prefix(length)) }
            rest = rest.dropFirst(length)
        }
        return objects
    }
}
