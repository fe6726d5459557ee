import Foundation
import GRDB

/// What happened, in two words: `ticket.reserved`. Each module lists its own as static members.
public struct EventName: RawRepresentable, Hashable, Sendable {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }
    public init(_ name: StaticString) { rawValue = "\(name)" }
}

/// A fact of an event. There is no case for free text, so no name can get into the log.
public enum EventFact: Equatable, Sendable {
    case count(Int)
    /// Kept in whole milliseconds.
    case duration(Duration)
    case id(UUID)
    /// A code of this system, for example a procedure's or a class's: at most 64 of `A–Z a–z 0–9 . _ - : /`, and never
    /// nine digits in a row, which could be a number that names a person.
    case code(String)
}

public enum EventError: Error, Equatable, CustomStringConvertible {
    /// The fact of this name holds something that isn't a code. Use a code, or leave it out.
    case notACode(fact: String)

    public var description: String {
        switch self {
        case .notACode(let fact): "the event fact “\(fact)” is not a code: log a code, a count or an id, never text"
        }
    }
}

/// An entry of the event log.
public struct Event: Sendable, Equatable {
    public let id: Int64
    public let at: Date
    public let name: EventName
    public let subject: UUID?
    /// As JSON, durations in milliseconds.
    public let facts: String
}

extension EventFact {
    static func json(_ facts: [String: EventFact]) throws -> String {
        let values = try facts.map { name, fact in
            switch fact {
            case .count(let count): (name, Value.number(Int64(count)))
            case .duration(let duration): (name, Value.number(duration.milliseconds))
            case .id(let id): (name, Value.text(id.uuidString))
            case .code(let code):
                if isCode(code) { (name, Value.text(code)) } else { throw EventError.notACode(fact: name) }
            }
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(Dictionary(uniqueKeysWithValues: values)), as: UTF8.self)
    }

    static func isCode(_ text: String) -> Bool {
        guard (1...64).contains(text.utf8.count) else { return false }
        var digits = 0
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                digits += 1
                if digits >= 9 { return false }
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: ":"), UInt8(ascii: "/"):
                digits = 0
            default: return false
            }
        }
        return true
    }

    private enum Value: Encodable {
        case number(Int64)
        case text(String)

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            switch self {
            case .number(let number): try container.encode(number)
            case .text(let text): try container.encode(text)
            }
        }
    }
}

extension Duration {
    /// Whole milliseconds.
    public var milliseconds: Int64 {
        components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
    }
}

extension Store {
    /// The events after `id`, oldest first.
    public func events(after id: Int64 = 0, limit: Int = 1000) async throws -> [Event] {
        try await read { database in
            try Row.fetchAll(
                database,
                compiled: "SELECT id, at_ms, name, subject, facts FROM event WHERE id > ? ORDER BY id LIMIT ?",
                arguments: [id, limit]
            ).map { row in
                Event(
                    id: row["id"], at: Date(milliseconds: row["at_ms"]), name: EventName(rawValue: row["name"]),
                    subject: (row["subject"] as String?).flatMap(UUID.init(uuidString:)), facts: row["facts"])
            }
        }
    }
}
