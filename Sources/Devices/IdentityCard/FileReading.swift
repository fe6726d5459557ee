import SmartCard

/// The reading of one transparent file by READ BINARY: which command comes next, when the file is whole. Pure.
///
/// The first bytes are a header, which tells the length; then no byte is read twice. Where the chip answers a read beyond
/// the end with what there is, the first read is a whole block, and most files need no other. What was read survives the end
/// of a session: open the chip again and go on.
public struct FileReading: Sendable {
    public enum Step: Equatable, Sendable {
        case send(APDU.Command)
        /// The whole object, without what the file holds after it.
        case finished([UInt8])
        /// The chip has no such file.
        case absent
        case failed(Failure)
    }

    public enum Failure: Error, Equatable, Sendable {
        /// What was answered to SELECT or READ BINARY.
        case status(APDU.StatusWord, command: String)
        /// Another object than the file must hold, or one longer than the limit.
        case malformed
    }

    private enum Pending: Equatable {
        case nothing
        case selection
        case read(requested: Int, byShortIdentifier: Bool, isOdd: Bool)
    }

    /// Enough for a tag of two bytes and a length of up to four bytes; every file is longer.
    static let headerLength = 8
    /// No identity card has a longer file; a photograph has 15 to 25 KB.
    public static let lengthLimit = 256 * 1024
    /// READ BINARY with an even instruction byte reaches so far (ISO/IEC 7816-4, 11.2.2).
    private static let evenLimit = 0x8000

    public let file: ElementaryFile
    /// As given at the beginning, and what came to light meanwhile.
    public private(set) var habits: ChipHabits
    private var bytes: [UInt8] = []
    private var total: Int?
    private var pending = Pending.nothing
    /// Whether the chip has opened this file in the present session.
    private var isCurrent = false
    /// The length of a first read that was refused: too long for the chip, or beyond the end? The header will tell.
    private var refusedFirst: Int?
    /// What the chip named instead (6Cxx).
    private var hintedFirst: Int?
    /// How much was read when the session was lost last time.
    private var lostAt: Int?

    /// - Parameter block: where the habits do not know better.
    public init(_ file: ElementaryFile, habits: ChipHabits, block: BlockSize) {
        self.file = file
        self.habits = habits
        self.habits.block = habits.block ?? block
        fallback = block
    }

    private let fallback: BlockSize
    private var block: BlockSize {
        get { habits.block ?? fallback }
        set { habits.block = newValue }
    }

    public mutating func next() -> Step {
        if let total, bytes.count >= total { return .finished(Array(bytes.prefix(total))) }
        guard isCurrent || (habits.readsByShortIdentifier != false && bytes.count <= 0xFF) else {
            pending = .selection
            let identifier = file.identifier
            // Without Le: some documents reject it.
            return .send(
                APDU.Command(
                    ins: 0xA4, p1: 0x02, p2: 0x0C,
                    data: [UInt8(truncatingIfNeeded: identifier >> 8), UInt8(truncatingIfNeeded: identifier)]))
        }
        return bytes.count < Self.evenLimit ? readEven() : readOdd()
    }

    public mutating func receive(_ response: APDU.Response) -> Step {
        switch pending {
        case .nothing: return .failed(.malformed)
        case .selection:
            if response.status.value == 0x6A82 { return .absent }
            guard response.status.isSuccess else { return .failed(.status(response.status, command: "SELECT")) }
            isCurrent = true
            return next()
        case .read(let requested, let byShortIdentifier, let isOdd):
            return received(response, requested: requested, byShortIdentifier: byShortIdentifier, isOdd: isOdd)
        }
    }

    /// The chip left its session. Some do that when they don't like a length, some when they don't like anything.
    ///
    /// - Returns: whether the answer means that there is no such file.
    public mutating func sessionEnded(with status: APDU.StatusWord?) -> Bool {
        defer {
            pending = .nothing
            isCurrent = false
            lostAt = bytes.count
        }
        if status?.value == 0x6A82, habits.readsByShortIdentifier != nil || pending == .selection { return true }
        guard case .read(let requested, let byShortIdentifier, _) = pending else { return false }
        let isAboutLength = status.map { [0x67, 0x6B, 0x6C].contains($0.sw1) } ?? false
        if byShortIdentifier, habits.readsByShortIdentifier == nil, !isAboutLength || refusedFirst != nil {
            habits.readsByShortIdentifier = false
        }
        if total == nil {
            if requested > Self.headerLength { refusedFirst = requested }
        } else if isAboutLength || lostAt == bytes.count {
            _ = block.stepBelow(requested)
        }
        return false
    }
}

// MARK: - Reading

extension FileReading {
    private var wanted: Int {
        if let total { return min(block.current, total - bytes.count) }
        guard refusedFirst == nil else { return hintedFirst ?? Self.headerLength }
        switch (habits.answersBeyondEnd, file.carefulFirstRead) {
        // No file of this kind has another length.
        case (_, let length) where file == .dataGroup1: return min(block.current, length)
        case (true, _): return block.current
        case (nil, let length): return min(block.current, length)
        case (false, let length): return file == .cardAccess ? Self.headerLength : min(block.current, length)
        }
    }

    private mutating func readEven() -> Step {
        let length = wanted
        pending = .read(requested: length, byShortIdentifier: !isCurrent, isOdd: false)
        let first = isCurrent ? UInt8(truncatingIfNeeded: bytes.count >> 8) : 0x80 | file.shortIdentifier
        return .send(
            APDU.Command(ins: 0xB0, p1: first, p2: UInt8(truncatingIfNeeded: bytes.count), le: length))
    }

    /// Beyond 32 KB: the offset comes in a data object 54h, the answer in one 53h (ISO/IEC 7816-4, 11.2.2).
    private mutating func readOdd() -> Step {
        let length = min(wanted, block.current - 4)
        pending = .read(requested: length, byShortIdentifier: false, isOdd: true)
        let offset = [16, 8, 0].map { UInt8(truncatingIfNeeded: bytes.count >> $0) }
        let header = length < 0x80 ? 2 : length < 0x100 ? 3 : 4
        return .send(
            APDU.Command(
                ins: 0xB1, p1: 0, p2: 0, data: TLV.encode(0x54, Array(offset.drop { $0 == 0 })), le: length + header))
    }

    private mutating func received(
        _ response: APDU.Response, requested: Int, byShortIdentifier: Bool, isOdd: Bool
    ) -> Step {
        let status = response.status
        switch (status.sw1, response.data.isEmpty) {
        // 6282: the end came before Le, 6281: part may be corrupted; the hash tells. The data is good.
        case (0x90, false), (0x62, false):
            if byShortIdentifier { habits.readsByShortIdentifier = true }
            isCurrent = true
            guard isOdd else { return append(response.data, requested: requested) }
            guard let object = try? TLV(response.data, tag: 0x53) else { return .failed(.malformed) }
            return append(object.bytes, requested: requested)
        case (_, true) where byShortIdentifier && habits.readsByShortIdentifier == nil && !Self.isAboutLe(status):
            habits.readsByShortIdentifier = false
            return next()
        case (0x67, true), (0x6B, true), (0x62, true), (0x6C, true), (0x90, true):
            return refused(with: status, requested: requested)
        case (0x6A, true) where byShortIdentifier && status.sw2 == 0x82:
            return .absent
        default:
            return .failed(.status(status, command: "READ BINARY"))
        }
    }

    private static func isAboutLe(_ status: APDU.StatusWord) -> Bool { [0x67, 0x6C, 0x62, 0x90].contains(status.sw1) }

    private mutating func append(_ data: [UInt8], requested: Int) -> Step {
        guard data.count <= requested else { return .failed(.malformed) }
        bytes += data
        if total == nil {
            guard let header = try? TLV.header(of: bytes[...]), header.tag == file.tag,
                header.totalLength <= Self.lengthLimit
            else { return .failed(.malformed) }
            total = header.totalLength
            learnFromFirst(of: header.totalLength, requested: requested)
        }
        // A chip that gives fewer bytes than asked in the middle of a file has its own limit.
        if data.count < requested, data.count >= 64, let total, bytes.count < total { block.limit(to: data.count) }
        return next()
    }

    private mutating func learnFromFirst(of total: Int, requested: Int) {
        if let length = refusedFirst {
            if length > total { habits.answersBeyondEnd = false } else { _ = block.stepBelow(length) }
        } else if requested > total, habits.answersBeyondEnd == nil {
            habits.answersBeyondEnd = true
        }
    }

    private mutating func refused(with status: APDU.StatusWord, requested: Int) -> Step {
        // 6Cxx tells what is there (ISO/IEC 7816-4, 5.6): the rest of the file, or what the chip gives at once.
        let hint = status.sw1 == 0x6C ? (status.sw2 == 0 ? 256 : Int(status.sw2)) : nil
        if total == nil, requested > Self.headerLength {
            hintedFirst = refusedFirst == nil ? hint.map { min($0, requested) } : nil
            refusedFirst = refusedFirst ?? requested
            return next()
        }
        guard total != nil, block.stepBelow(requested) else {
            return .failed(.status(status, command: "READ BINARY"))
        }
        if let hint, hint >= 64 { block.limit(to: hint) }
        return next()
    }
}
