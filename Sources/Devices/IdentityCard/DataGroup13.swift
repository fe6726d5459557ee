import Foundation
import Peripherals

/// DG13 of the Vietnamese identity card: the holder's data with diacritics.
///
/// `6D { SEQUENCE { INTEGER 1, OID 1.0.10646.1.0.8, SET { SEQUENCE { INTEGER n, value } … } } }`. Any order, missing fields
/// and both string types are accepted; values of unknown numbers are kept as they were read.
public struct DataGroup13: Sendable, Equatable {
    public enum Failure: Error, Sendable, Equatable, CustomStringConvertible {
        case structure(TLV.Failure)
        /// A value that is neither a string nor a sequence of strings, or no UTF-8.
        case field(Int)

        public var description: String {
            switch self {
            case .structure(let why): why.description
            case .field(let number): "field \(number) is no text"
            }
        }
    }

    public enum Field: Int, Sendable, CaseIterable {
        case number = 1
        case fullName, dateOfBirth, sex, nationality, ethnicity, religion, placeOfOrigin, placeOfResidence
        case identifyingFeatures, dateOfIssue, dateOfExpiry, parents, spouse, formerNumber, serial
    }

    /// The strings of each known field, NFC, in the order of the card; an empty one where a parent's place is empty. Only
    /// `parents` has more than one.
    public let values: [Field: [String]]
    /// The encoded values of fields with another number.
    public let unknown: [Int: [UInt8]]

    public init(_ bytes: [UInt8]) throws(Failure) {
        var values: [Field: [String]] = [:]
        var unknown: [Int: [UInt8]] = [:]
        for (number, content) in try Self.entries(of: bytes) {
            guard let field = Field(rawValue: number) else {
                unknown[number] = content.flatMap { Array($0.encoded) }
                continue
            }
            guard values[field] == nil else { continue }
            values[field] = try content.map { object throws(Failure) in
                try Self.strings(in: object, of: number, isOneOf: content.count)
            }.flatMap(\.self)
        }
        self.values = values
        self.unknown = unknown
    }

    /// The first string of a field, nil when absent or empty.
    public func text(_ field: Field) -> String? {
        guard let text = values[field]?.first, !text.isEmpty else { return nil }
        return text
    }

    /// A date written dd/MM/yyyy; nil for texts such as "Không thời hạn".
    public func date(_ field: Field) -> CalendarDate? {
        guard let parts = text(field)?.split(separator: "/", omittingEmptySubsequences: false),
            parts.map(\.utf8.count) == [2, 2, 4], parts.allSatisfy(\.isDecimal),
            let day = Int(parts[0]), let month = Int(parts[1]), let year = Int(parts[2])
        else { return nil }
        return CalendarDate(year: year, month: month, day: day)
    }

    /// The nine-digit number of the paper card before (CMND): field 15, on some cards 16.
    public var formerNumber: String? {
        [Field.formerNumber, .serial].lazy.compactMap { text($0) }
            .first { $0.utf8.count == 9 && $0.isDecimal }
    }

    public var father: String? { parent(0) }
    public var mother: String? { parent(1) }

    private func parent(_ index: Int) -> String? {
        guard let names = values[.parents], names.count > index, !names[index].isEmpty else { return nil }
        return names[index]
    }

    private static func entries(of bytes: [UInt8]) throws(Failure) -> [(Int, ArraySlice<TLV>)] {
        do throws(TLV.Failure) {
            var rest = try TLV(bytes, tag: 0x6D).value
            let sequence = try TLV(first: &rest)
            guard sequence.tag == 0x30 else { throw .unexpectedTag(sequence.tag) }
            guard let set = try sequence.children().first(where: { $0.tag == 0x31 }) else { throw .truncated }
            var entries: [(Int, ArraySlice<TLV>)] = []
            for entry in try set.children() {
                guard entry.tag == 0x30 else { throw .unexpectedTag(entry.tag) }
                let parts = try entry.children()
                guard let number = parts.first, number.tag == 0x02, (1...2).contains(number.value.count) else {
                    throw .truncated
                }
                entries.append((number.value.reduce(0) { $0 << 8 | Int($1) }, parts.dropFirst()))
            }
            return entries
        } catch {
            throw .structure(error)
        }
    }

    /// A string, or a SEQUENCE of strings; nothing deeper. An empty one of several siblings keeps its place, so that a
    /// mother does not become the father.
    private static func strings(in object: TLV, of number: Int, isOneOf siblings: Int) throws(Failure) -> [String] {
        let leaves: [TLV]
        if object.tag == 0x30 {
            do { leaves = try object.children() } catch { throw .structure(error) }
        } else {
            leaves = [object]
        }
        if leaves.isEmpty, siblings > 1 { return [""] }
        return try leaves.map { leaf throws(Failure) in try text(of: leaf, in: number) }
    }

    /// UTF8String, PrintableString, and IA5String, which has the same characters; NULL stands for no value.
    private static func text(of leaf: TLV, in number: Int) throws(Failure) -> String {
        if leaf.tag == 0x05, leaf.value.isEmpty { return "" }
        guard [0x0C, 0x13, 0x16].contains(leaf.tag), let text = String(validating: leaf.value, as: UTF8.self) else {
            throw .field(number)
        }
        return text.precomposedStringWithCanonicalMapping.trimmingCharacters(in: .whitespaces)
    }
}
