import Foundation
import Peripherals

/// The fields of DG11 and DG12: data objects of text and of days, some of them in a list A0 (ICAO 9303-10, 4.7.11, 4.7.12).
struct DetailFields: Sendable, Equatable {
    /// Values by tag, in the order of the card.
    private var values: [UInt32: [ArraySlice<UInt8>]] = [:]

    init(_ bytes: [UInt8], tag: UInt32) throws(TLV.Failure) {
        for object in try TLV(bytes, tag: tag).children() {
            // 5C lists the tags that are there, which we see anyway; A0 holds a count and objects of one tag.
            let objects = object.tag == 0xA0 ? try object.children() : [object]
            for object in objects where ![0x5C, 0x02].contains(object.tag) {
                values[object.tag, default: []].append(object.value)
            }
        }
    }

    func bytes(_ tag: UInt32) -> [UInt8]? { values[tag]?.first.map { Array($0) } }

    /// Everything that was read, by tag.
    var all: [UInt32: [[UInt8]]] { values.mapValues { $0.map { Array($0) } } }

    /// A text in NFC with fillers as blanks; nil when it is absent, empty, or no UTF-8.
    func text(_ tag: UInt32) -> String? { texts(tag).first }

    func texts(_ tag: UInt32) -> [String] {
        (values[tag] ?? []).compactMap { value in
            guard let text = String(validating: value, as: UTF8.self) else { return nil }
            let plain = Self.words(text)
            return plain.isEmpty ? nil : plain
        }
    }

    /// The parts of a text that fillers separate: lines of an address, for example.
    func parts(_ tag: UInt32) -> [String] {
        guard let value = values[tag]?.first, let text = String(validating: value, as: UTF8.self) else { return [] }
        return text.split(separator: "<").map { Self.words(String($0)) }.filter { !$0.isEmpty }
    }

    /// A day as eight ASCII digits or as four bytes of packed digits, yyyyMMdd; unknown parts make it nil.
    func date(_ tag: UInt32) -> CalendarDate? {
        guard let value = values[tag]?.first else { return nil }
        let digits: [Int] =
            switch value.count {
            case 4: value.flatMap { [Int($0 >> 4), Int($0 & 0x0F)] }
            case 8: value.map { Int($0) - 0x30 }
            default: []
            }
        guard digits.count == 8, digits.allSatisfy({ (0...9).contains($0) }) else { return nil }
        func number(_ range: Range<Int>) -> Int { digits[range].reduce(0) { $0 * 10 + $1 } }
        return CalendarDate(year: number(0..<4), month: number(4..<6), day: number(6..<8))
    }

    private static func words(_ text: String) -> String {
        text.precomposedStringWithCanonicalMapping.split { $0 == "<" || $0 == " " }.joined(separator: " ")
    }
}
