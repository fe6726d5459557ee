import Testing

@testable import FaceImage
@testable import IdentityCard
@testable import Simulator

@Suite("DG2: the face")
struct DataGroup2Tests {
    private typealias Portrait = SyntheticCitizen.Portrait

    private func group(_ portrait: SyntheticCitizen.Portrait) throws -> [UInt8] {
        var citizen = SyntheticCitizen.nguyenVanA
        citizen.portrait = portrait
        return try PortraitRecord.dataGroup2(citizen)
    }

    @Test(
        "the image is found in every record, whatever its coding",
        arguments: SyntheticCitizen.Portrait.Container.allCases, SyntheticCitizen.Portrait.Coding.allCases)
    func every(_ container: SyntheticCitizen.Portrait.Container, _ coding: SyntheticCitizen.Portrait.Coding) throws {
        let face = try DataGroup2(try group(Portrait(coding, in: container)))
        #expect(face.image == (try SyntheticPortrait.picture(seed: SyntheticCitizen.nguyenVanA.number, coding)))
        let expected: DataGroup2.Record =
            switch container {
            case .iso19794of2005: .iso19794(version: "010")
            case .iso19794of2011: .iso19794(version: "030")
            case .iso39794: .iso39794
            }
        #expect(face.record == expected)
        let photograph = try FacePhotograph.make(of: face.image)
        #expect(photograph.width == 240 && photograph.height == 320)
    }

    /// A facial record of 2005 by hand: each image with its landmark points.
    private func record(version: String = "010", images: [[UInt8]], points: Int = 0, length: Int? = nil) -> [UInt8] {
        let blocks = images.map { image -> [UInt8] in
            let head = hex("0000 00 00 00 000000 0000 000000 000000")
            let content =
                [head[0], UInt8(points)] + head[2...] + [UInt8](repeating: 7, count: 8 * points)
                + hex("01 00 00F0 0140 01 02 0000 0000") + image
            let size = length ?? content.count + 4
            return [0, UInt8(size >> 16), UInt8(size >> 8 & 0xFF), UInt8(size & 0xFF)] + content
        }
        let all = blocks.flatMap(\.self)
        return Array("FAC\u{0}\(version)\u{0}".utf8) + [
            0, 0, UInt8((all.count + 14) >> 8), UInt8((all.count + 14) & 0xFF),
        ]
            + [0, UInt8(images.count)] + all
    }

    private func wrap(_ records: [[UInt8]], tag: UInt32 = 0x5F2E) -> [UInt8] {
        let templates = records.flatMap { TLV.encode(0x7F60, TLV.encode(0xA1, [0x80, 1, 1]) + TLV.encode(tag, $0)) }
        return TLV.encode(0x75, TLV.encode(0x7F61, [2, 1, UInt8(records.count)] + templates))
    }

    private let first = hex("FFD8FF E0 01")
    private let second = hex("FF4FFF51 02")

    @Test("of several images in a record, and of several templates, the first counts")
    func several() throws {
        #expect(try DataGroup2(wrap([record(images: [first, second])])).image == first)
        #expect(try DataGroup2(wrap([record(images: [second]), record(images: [first])])).image == second)
        // A template of something else before the face.
        #expect(try DataGroup2(wrap([hex("0102"), record(images: [first])])).image == first)
    }

    @Test("landmark points, the constructed tag, a block without a length, version 020 of either edition")
    func variants() throws {
        #expect(try DataGroup2(wrap([record(images: [first], points: 3)])).image == first)
        #expect(try DataGroup2(wrap([record(images: [first])], tag: 0x7F2E)).image == first)
        #expect(try DataGroup2(wrap([record(images: [first], length: 0)])).image == first)
        #expect(try DataGroup2(wrap([record(version: "020", images: [first])])).record == .iso19794(version: "020"))
        var newer = try DataGroup2Tests.content(of: group(Portrait(.jpeg, in: .iso19794of2011)))
        newer.replaceSubrange(4..<7, with: "020".utf8)
        #expect(try DataGroup2(wrap([newer])).image.starts(with: [0xFF, 0xD8]))
    }

    /// The biometric data block of a group, found by its first bytes.
    private static func content(of group: [UInt8]) throws -> [UInt8] {
        let at = try #require(group.indices.first { group[$0...].starts(with: "FAC\u{0}".utf8) })
        return Array(group[at...])
    }

    @Test("lengths and counts that lie are errors")
    func lies() {
        let cases: [[UInt8]] = [
            record(images: []), record(images: [first], length: 4000), record(images: [first], length: 12),
            record(version: "099", images: [first]), record(images: [[1, 2, 3]]), record(images: [[]]),
            Array("FAC\u{0}010\u{0}".utf8), [], hex("A1 02 65 00"), hex("65 80"), hex("A1 06 65 04 A1 02 30 00"),
        ]
        for bad in cases { #expect(throws: DataGroup2.Failure.self) { try DataGroup2(wrap([bad])) } }
        for text in ["", "75 00", "75 03 7F61 00", "61 00", "75 05 7F61 02 7F60"] {
            #expect(throws: DataGroup2.Failure.self) { try DataGroup2(hex(text)) }
        }
    }

    @Test(
        "a file cut anywhere is an error, never a crash", arguments: SyntheticCitizen.Portrait.Container.allCases)
    func cut(_ container: SyntheticCitizen.Portrait.Container) throws {
        let whole = try group(Portrait(.jpeg, in: container))
        for length in Array(0..<200) + Array(whole.count - 40..<whole.count) {
            #expect(throws: DataGroup2.Failure.self) { try DataGroup2(Array(whole.prefix(length))) }
        }
    }
}
