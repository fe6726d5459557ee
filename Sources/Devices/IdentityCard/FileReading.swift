import SmartCard

/// The reading of one transparent file by READ BINARY: which command comes next, when the file is whole. Pure.
///
/// The first read gets the header, which tells the length; then no byte is read twice. What was read survives the end of
/// a session: select the file again and go on.
public struct FileReading: Sendable {
    public enum Step: Equatable, Sendable {
        case send(APDU.Command)
        /// The whole object, without what the file holds after it.
        case finished([UInt8])
        case failed(Failure)
    }

    public enum Failure: Error, Equatable, Sendable {
        case status(APDU.StatusWord)
        /// Another object than the file must hold, or one longer than the limit.
        case malformed
    }

    /// Enough for a tag of two bytes and a length of up to four bytes; every file is longer.
    private static let headerLength = 8
    /// READ BINARY with an even instruction byte reaches so far (ISO/IEC 7816-4, 11.2.2); no file read here is longer.
    public static let lengthLimit = 0x8000

    public let file: ElementaryFile
    public private(set) var block: BlockSize
    private var bytes: [UInt8] = []
    private var total: Int?
    private var requested = 0

    public init(_ file: ElementaryFile, block: BlockSize) {
        self.file = file
        self.block = block
    }

    public mutating func next() -> Step {
        if let total, bytes.count >= total { return .finished(Array(bytes.prefix(total))) }
        requested = min(block.current, total.map { $0 - bytes.count } ?? Self.headerLength)
        return .send(
            APDU.Command(
                ins: 0xB0, p1: UInt8(truncatingIfNeeded: bytes.count >> 8), p2: UInt8(truncatingIfNeeded: bytes.count),
                le: requested))
    }

    public mutating func receive(_ response: APDU.Response) -> Step {
        switch (response.status.sw1, response.data.isEmpty) {
        // 6282: the end came before Le, 6281: part may be corrupted; the hash tells. The data is good.
        case (0x90, false), (0x62, false):
            return append(response.data)
        case (0x67, true), (0x6B, true), (0x62, true), (0x6C, true), (0x90, true):
            return stepDown(after: response.status)
        default:
            return .failed(.status(response.status))
        }
    }

    /// The session ended without a word about the length; chips do that to a Le that they don't like.
    public mutating func sessionEnded(with status: APDU.StatusWord) {
        let isAboutLength = [0x67, 0x6B, 0x6C].contains(status.sw1)
        if isAboutLength { _ = block.stepDown() }
    }

    private mutating func append(_ data: [UInt8]) -> Step {
        bytes += data
        if total == nil {
            guard let header = try? TLV.header(of: bytes[...]), header.tag == file.tag,
                header.totalLength <= Self.lengthLimit
            else { return .failed(.malformed) }
            total = header.totalLength
        }
        // A chip that gives fewer bytes than asked has its own limit.
        if data.count < requested, data.count >= 64 { block.limit(to: data.count) }
        return next()
    }

    private mutating func stepDown(after status: APDU.StatusWord) -> Step {
        while block.current >= requested {
            guard block.stepDown() else { return .failed(.status(status)) }
        }
        if status.sw1 == 0x6C, status.sw2 >= 64 { block.limit(to: Int(status.sw2)) }
        return next()
    }
}
