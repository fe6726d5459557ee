/// A parser, or a few that belong together, as the fuzzer sees them: bytes from outside go in, and nothing may crash, hang
/// or take more memory than its limit. What the parsers promise beyond that is checked by preconditions.
public struct FuzzTarget: Sendable {
    /// What `scripts/fuzz` calls it.
    public let name: String
    /// Longer inputs are not tried, in bytes.
    public let longest: Int
    /// Bytes that an input may cost: a malicious card or reader never more than 16 MB.
    public var memoryLimit = 16 << 20
    public let run: @Sendable ([UInt8]) -> Void

    public static let all: [FuzzTarget] = [
        qr, mrz, tlv, cms, certificates, groups, face, ccid, hid, answers, reading, opening, trace, page,
    ]

    public static func named(_ name: String) -> FuzzTarget? { all.first { $0.name == name } }
}

/// Cuts an input into pieces, each with its length (0 to 255) in front; the last may be shorter.
struct Pieces: Sequence, IteratorProtocol {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: some Collection<UInt8>) { rest = Array(bytes)[...] }

    mutating func next() -> [UInt8]? {
        guard let length = rest.popFirst() else { return nil }
        defer { rest = rest.dropFirst(Int(length)) }
        return Array(rest.prefix(Int(length)))
    }
}
