/// Cuts the bytes of a serial reader, or the letters of a keyboard, into scans: a scan ends with CR or LF, or with a
/// pause when the reader is set to send no end. Pure; the clock is the caller's.
public struct ScanLines: Sendable {
    public enum Line: Sendable, Equatable {
        case text(String)
        case rejected(ScanRejection)
    }

    private var bytes: [UInt8] = []
    private var isOverlong = false

    public init() {}

    /// A scan has begun and its end has not come.
    public var isHalfway: Bool { !bytes.isEmpty || isOverlong }

    /// - Returns: the scans that ended, in order. Empty lines (the LF after a CR) are none.
    public mutating func feed(_ new: some Collection<UInt8>) -> [Line] {
        var lines: [Line] = []
        for byte in new {
            if byte == 0x0D || byte == 0x0A {
                if let line = finish() { lines.append(line) }
            } else if bytes.count >= ScanBytes.longest {
                (bytes, isOverlong) = ([], true)
            } else if !isOverlong {
                bytes.append(byte)
            }
        }
        return lines
    }

    /// The reader has been quiet for so long that what came is all.
    public mutating func pause() -> Line? { finish() }

    /// Forgets what came: a piece of it was lost.
    public mutating func abandon() { self = ScanLines() }

    private mutating func finish() -> Line? {
        defer { abandon() }
        guard !isOverlong else { return .rejected(.tooLong) }
        let body = AIMIdentifier.text(bytes) == nil ? bytes[...] : bytes.dropFirst(3)
        switch ScanBytes.text(body) {
        case .success(let text): return .text(text)
        case .failure(let reason): return reason == .empty ? nil : .rejected(reason)
        }
    }
}
