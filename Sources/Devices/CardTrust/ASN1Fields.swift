import Foundation
import SwiftASN1

/// The fields of a SEQUENCE or SET, taken one after another. Bytes are decoded by swift-asn1; this only walks its tree.
struct ASN1Fields {
    private var nodes: ASN1NodeCollection.Iterator
    private let what: String

    init(_ node: ASN1Node, _ what: String, tag: ASN1Identifier = .sequence) throws(CardTrustError) {
        guard case .constructed(let collection) = node.content, node.identifier == tag else {
            throw .malformed(what)
        }
        nodes = collection.makeIterator()
        self.what = what
    }

    mutating func next(_ field: String) throws(CardTrustError) -> ASN1Node {
        guard let node = nodes.next() else { throw .malformed("\(what): no \(field)") }
        return node
    }

    mutating func next() -> ASN1Node? { nodes.next() }

    /// The next field when it has this tag.
    mutating func optional(_ tag: ASN1Identifier) -> ASN1Node? {
        var ahead = nodes
        guard let node = ahead.next(), node.identifier == tag else { return nil }
        nodes = ahead
        return node
    }

    /// All fields that are left, at most `limit`.
    mutating func rest(limit: Int) throws(CardTrustError) -> [ASN1Node] {
        var rest: [ASN1Node] = []
        while let node = nodes.next() {
            guard rest.count < limit else { throw .tooLarge("\(what): more than \(limit)") }
            rest.append(node)
        }
        return rest
    }
}

extension ASN1Identifier {
    static func context(_ number: UInt) -> ASN1Identifier {
        ASN1Identifier(tagWithNumber: number, tagClass: .contextSpecific)
    }
}

extension ASN1Node {
    /// Parses DER, and where the issuer did not keep to it, BER.
    static func parse(_ bytes: ArraySlice<UInt8>, _ what: String) throws(CardTrustError) -> ASN1Node {
        do { return try (try? DER.parse(bytes)) ?? BER.parse(bytes) } catch { throw .malformed(what) }
    }

    /// The one element of an explicit tag.
    func inner(_ what: String, tag: ASN1Identifier) throws(CardTrustError) -> ASN1Node {
        var fields = try ASN1Fields(self, what, tag: tag)
        let node = try fields.next("content")
        guard fields.next() == nil else { throw .malformed(what) }
        return node
    }

    func identifierText(_ what: String) throws(CardTrustError) -> String {
        do { return try ASN1ObjectIdentifier(berEncoded: self).description } catch { throw .malformed(what) }
    }

    func octets(_ what: String, tag: ASN1Identifier = .octetString) throws(CardTrustError) -> [UInt8] {
        do { return Array(try ASN1OctetString(berEncoded: self, withIdentifier: tag).bytes) } catch {
            throw .malformed(what)
        }
    }

    /// Whole bytes only: a signature or key has no bits left over.
    func bits(_ what: String) throws(CardTrustError) -> [UInt8] {
        guard let bits = try? ASN1BitString(berEncoded: self), bits.paddingBits == 0 else { throw .malformed(what) }
        return Array(bits.bytes)
    }

    /// Parameters of an algorithm that has none: NULL.
    var isNull: Bool { (try? ASN1Null(berEncoded: self)) != nil }

    func flag(_ what: String) throws(CardTrustError) -> Bool {
        do { return try Bool(berEncoded: self) } catch { throw .malformed(what) }
    }

    /// A number from 0 to 65,535.
    func smallNumber(_ what: String) throws(CardTrustError) -> Int {
        do { return Int(try UInt16(berEncoded: self)) } catch { throw .malformed(what) }
    }

    /// The bytes of an INTEGER of any length, without leading zeros.
    func number(_ what: String) throws(CardTrustError) -> [UInt8] {
        guard identifier == .integer, case .primitive(let bytes) = content, !bytes.isEmpty, bytes.count <= 64 else {
            throw .malformed(what)
        }
        return Array(bytes.drop { $0 == 0 })
    }

    /// UTCTime or GeneralizedTime (RFC 5280, 4.1.2.5).
    func time(_ what: String) throws(CardTrustError) -> Date {
        let parts: [Int]
        do {
            if identifier == .utcTime {
                let time = try UTCTime(berEncoded: self)
                parts = [time.year, time.month, time.day, time.hours, time.minutes, time.seconds]
            } else {
                let time = try GeneralizedTime(berEncoded: self)
                parts = [time.year, time.month, time.day, time.hours, time.minutes, time.seconds]
            }
        } catch {
            throw .malformed(what)
        }
        let components = DateComponents(
            year: parts[0], month: parts[1], day: parts[2], hour: parts[3], minute: parts[4], second: parts[5])
        guard let date = Self.calendar.date(from: components) else { throw .malformed(what) }
        return date
    }

    private static let calendar: Calendar = {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        return calendar
    }()

    /// This element and all in it by the distinguished rules: definite lengths, the elements of a SET in order
    /// (ITU-T X.690, 10.1 and 11.6).
    func serializeDER(into coder: inout DER.Serializer) {
        switch content {
        case .primitive(let bytes):
            coder.appendPrimitiveNode(identifier: identifier) { $0 += bytes }
        case .constructed(let nodes):
            var elements = nodes.map { node in
                var inner = DER.Serializer()
                node.serializeDER(into: &inner)
                return inner.serializedBytes
            }
            if identifier == .set { elements.sort { $0.lexicographicallyPrecedes($1) } }
            coder.appendConstructedNode(identifier: identifier) { coder in
                for element in elements { coder.serializeRawBytes(element) }
            }
        }
    }
}
