import Foundation
import SwiftASN1

/// DER (ITU-T X.690), written element by element: what the simulator's issuer needs for certificates, lists and messages.
enum SimulatedIssuerDER {
    static func sequence(_ elements: [UInt8]...) -> [UInt8] { ChipTLV.object(0x30, elements.flatMap { $0 }) }
    static func sequence(of elements: [[UInt8]]) -> [UInt8] { ChipTLV.object(0x30, elements.flatMap { $0 }) }

    /// In DER's order.
    static func set(of elements: [[UInt8]]) -> [UInt8] {
        ChipTLV.object(0x31, elements.sorted { $0.lexicographicallyPrecedes($1) }.flatMap { $0 })
    }

    static func identifier(_ text: String) throws -> [UInt8] {
        var coder = DER.Serializer()
        try coder.serialize(try ASN1ObjectIdentifier(dotRepresentation: text))
        return coder.serializedBytes
    }

    static func integer(_ value: Int) throws -> [UInt8] {
        var coder = DER.Serializer()
        try coder.serialize(value)
        return coder.serializedBytes
    }

    /// A positive number from its big-endian bytes.
    static func integer(_ bytes: [UInt8]) -> [UInt8] {
        let digits = Array(bytes.drop { $0 == 0 })
        return ChipTLV.object(0x02, (digits.first ?? 0x80) >= 0x80 ? [0] + digits : digits)
    }

    static func boolean(_ value: Bool) -> [UInt8] { [0x01, 0x01, value ? 0xFF : 0x00] }
    static let null: [UInt8] = [0x05, 0x00]
    static func octets(_ bytes: [UInt8]) -> [UInt8] { ChipTLV.object(0x04, bytes) }
    static func bits(_ bytes: [UInt8], unused: UInt8 = 0) -> [UInt8] { ChipTLV.object(0x03, [unused] + bytes) }
    static func utf8(_ text: String) -> [UInt8] { ChipTLV.object(0x0C, Array(text.utf8)) }
    static func printable(_ text: String) -> [UInt8] { ChipTLV.object(0x13, Array(text.utf8)) }
    static func explicit(_ number: UInt8, _ content: [UInt8]) -> [UInt8] { ChipTLV.object(0xA0 | number, content) }
    static func implicit(_ number: UInt8, _ content: [UInt8]) -> [UInt8] { ChipTLV.object(0x80 | number, content) }

    /// UTCTime until 2049, GeneralizedTime after it (RFC 5280, 4.1.2.5).
    static func time(_ date: Date) -> [UInt8] {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        let parts = calendar.dateComponents([.year, .month, .day, .hour, .minute, .second], from: date)
        let year = parts.year ?? 0
        let rest = String(
            format: "%02d%02d%02d%02d%02dZ", parts.month ?? 0, parts.day ?? 0, parts.hour ?? 0, parts.minute ?? 0,
            parts.second ?? 0)
        return year < 2050
            ? ChipTLV.object(0x17, Array((String(format: "%02d", year % 100) + rest).utf8))
            : ChipTLV.object(0x18, Array((String(format: "%04d", year) + rest).utf8))
    }

    /// The same elements with indefinite lengths and strings in two pieces, as BER allows (X.690, 8.1.3.6 and 8.7.3).
    static func indefinite(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] { [tag, 0x80] + content + [0, 0] }

    static func octetsInPieces(_ bytes: [UInt8]) -> [UInt8] {
        let half = bytes.count / 2
        return indefinite(0x24, octets(Array(bytes.prefix(half))) + octets(Array(bytes.dropFirst(half))))
    }
}
