import Testing
import USB

@Suite("Descriptors")
struct DescriptorParserTests {
    static let head: [UInt8] = [9, 2, 0, 0, 1, 1, 0, 0x80, 50]
    static let interface: [UInt8] = [9, 4, 0, 0, 2, 0x0B, 0, 0, 0]
    static let out: [UInt8] = [7, 5, 0x01, 2, 64, 0, 0]
    static let inward: [UInt8] = [7, 5, 0x82, 2, 64, 0, 0]
    static let ccid: [UInt8] = [54, 0x21] + [UInt8](repeating: 3, count: 52)

    static func configuration(_ parts: [UInt8]...) -> [UInt8] {
        var bytes = head + parts.flatMap { $0 }
        bytes[2] = UInt8(bytes.count & 0xFF)
        bytes[3] = UInt8(bytes.count >> 8)
        return bytes
    }

    @Test("a class descriptor belongs to the interface before it, also after its endpoints")
    func classDescriptors() throws {
        let before = try DescriptorParser.configuration(
            Self.configuration(Self.interface, Self.ccid, Self.out, Self.inward))
        let after = try DescriptorParser.configuration(
            Self.configuration(Self.interface, Self.out, Self.inward, Self.ccid))
        #expect(before == after)
        #expect(after.interfaces[0].classDescriptors == [Self.ccid])
        #expect(after.interfaces[0].endpoints.map(\.address) == [0x01, 0x82])
    }

    @Test("only the first alternate setting of an interface is kept")
    func alternateSettings() throws {
        var alternate = Self.interface
        alternate[3] = 1
        var other = Self.interface
        other[2] = 1
        let parsed = try DescriptorParser.configuration(
            Self.configuration(Self.interface, Self.out, alternate, Self.inward, Self.ccid, other, Self.inward))
        #expect(parsed.interfaces.map(\.number) == [0, 1])
        #expect(parsed.interfaces[0].endpoints.count == 1)
        #expect(parsed.interfaces[0].classDescriptors.isEmpty)
    }

    @Test(
        "a descriptor that lies about its length is refused",
        arguments: [
            [], [9], [9, 2, 9], [9, 4, 9, 0, 0, 0, 0, 0, 0],
            // wTotalLength beyond the end, and below its own length
            [9, 2, 10, 0, 1, 1, 0, 0x80, 50], [9, 2, 8, 0, 1, 1, 0, 0x80, 50],
            // bLength 0, 1, and over the end
            configuration(interface, [0, 5]), configuration(interface, [1]), configuration(interface, [8, 5, 1]),
            // an endpoint and an interface that are too short
            configuration(interface, [6, 5, 1, 2, 64, 0]), configuration([8, 4, 0, 0, 0, 0, 0, 0]),
        ] as [[UInt8]])
    func malformed(_ bytes: [UInt8]) {
        #expect(throws: USBError.self) { try DescriptorParser.configuration(bytes) }
    }

    @Test("counts are bounded")
    func bounds() {
        let endpoints = [UInt8]((0..<31).flatMap { _ in Self.out })
        #expect(throws: USBError.self) {
            try DescriptorParser.configuration(Self.configuration(Self.interface, endpoints))
        }
        let interfaces = (0..<33).flatMap { [9, 4, UInt8($0), 0, 0, 0xFF, 0, 0, 0] as [UInt8] }
        #expect(throws: USBError.self) { try DescriptorParser.configuration(Self.configuration(interfaces)) }
    }

    @Test("no prefix and no single changed byte of a configuration crashes the parser")
    func hostile() {
        let bytes = Self.configuration(Self.interface, Self.ccid, Self.out, Self.inward)
        for count in 0..<bytes.count { _ = try? DescriptorParser.configuration(Array(bytes[..<count])) }
        for index in bytes.indices {
            for value in [0, 1, 2, 0x7F, 0x80, 0xFF] as [UInt8] {
                var changed = bytes
                changed[index] = value
                _ = try? DescriptorParser.configuration(changed)
            }
        }
    }

    @Test("a device descriptor gives class, ids and string indices")
    func device() throws {
        let parsed = try DescriptorParser.device([
            18, 1, 0x00, 0x02, 0, 0, 0, 64, 0x2F, 0x07, 0x3E, 0x22, 0x01, 0x01, 1, 2, 3, 1,
        ])
        #expect(parsed.vendor == 0x072F)
        #expect(parsed.product == 0x223E)
        #expect([parsed.manufacturerIndex, parsed.productIndex, parsed.serialIndex] == [1, 2, 3])
    }
}
