/// Reads big-endian numbers and marker segments; running over the end is damage.
struct ByteReader {
    private var rest: ArraySlice<UInt8>
    private let end: Int

    init(_ bytes: ArraySlice<UInt8>) {
        rest = bytes
        end = bytes.endIndex
    }

    var position: Int { rest.startIndex }
    var isAtEnd: Bool { rest.isEmpty }

    mutating func byte() throws(FaceImageError) -> UInt8 {
        guard let byte = rest.popFirst() else { throw .damaged("the image ends early") }
        return byte
    }

    mutating func word() throws(FaceImageError) -> UInt16 { UInt16(try byte()) << 8 | UInt16(try byte()) }

    mutating func long() throws(FaceImageError) -> Int { Int(try word()) << 16 | Int(try word()) }

    /// What follows a marker: two bytes of length, which count themselves, and content.
    mutating func segment() throws(FaceImageError) -> ByteReader {
        let length = Int(try word())
        guard length >= 2, length - 2 <= rest.count else { throw .damaged("the image ends early") }
        defer { rest = rest.dropFirst(length - 2) }
        return ByteReader(rest.prefix(length - 2))
    }

    /// - Returns: false when the place is behind the end or was passed already.
    mutating func move(to place: Int) -> Bool {
        guard place >= rest.startIndex, place <= end else { return false }
        rest = rest.dropFirst(place - rest.startIndex)
        return true
    }
}
