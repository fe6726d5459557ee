import Foundation

/// What goes over the rig's control socket: one JSON array of words a line, answered by one JSON object a line.
///
/// ```
/// → ["fault","printer","paper-out"]
/// ← {"ok":true,"text":"the printer is out of paper"}
/// ```
public enum RigWire {
    /// The longest line that is accepted, in bytes.
    public static let lineLimit = 64 << 10

    public struct Answer: Codable, Sendable, Equatable {
        public var ok: Bool
        public var text: String

        public init(ok: Bool, text: String) {
            self.ok = ok
            self.text = text
        }
    }

    static func line(_ value: some Encodable) throws -> [UInt8] {
        Array(try JSONEncoder().encode(value)) + [0x0A]
    }

    static func words(_ line: [UInt8]) -> [String]? {
        try? JSONDecoder().decode([String].self, from: Data(line))
    }

    static func answer(_ line: [UInt8]) -> Answer? {
        try? JSONDecoder().decode(Answer.self, from: Data(line))
    }
}

/// Cuts a stream of bytes into lines.
struct LineSplitter {
    private var buffer: [UInt8] = []

    /// - Returns: the lines that are complete now, or nil when a line is longer than is accepted.
    mutating func add(_ bytes: some Sequence<UInt8>) -> [[UInt8]]? {
        buffer += bytes
        var lines: [[UInt8]] = []
        while let end = buffer.firstIndex(of: 0x0A) {
            lines.append(Array(buffer[..<end]))
            buffer.removeSubrange(...end)
        }
        return buffer.count <= RigWire.lineLimit ? lines : nil
    }
}
