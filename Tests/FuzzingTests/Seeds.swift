import Foundation
import ScanCorpus

@testable import Simulator

/// Where the fuzzer begins: what the simulator's people, chip, issuer and devices say, by target.
struct Seeds {
    let byTarget: [String: [[UInt8]]]

    init() throws {
        let issuer = try SimulatedIssuer()
        let chips = try Self.citizens.map { try ChipFiles($0, issuer: issuer) }
        let files = chips.flatMap(\.application.values)
        let groups = files.filter { [0x61, 0x6B, 0x6C, 0x6D, 0x75].contains($0.first) }
        let securityObjects = files.filter { $0.first == 0x77 }
        let faces = try SyntheticCitizen.Portrait.Coding.allCases.map {
            try SyntheticPortrait.picture(seed: "seed", $0)
        }
        byTarget = [
            "qr": SyntheticCitizen.all.map { Array($0.qrText.utf8) } + [Array("DN4797912345678|4e67757965 ".utf8)],
            "mrz": SyntheticCitizen.all.flatMap { citizen in
                [citizen.mrzLines.joined(), citizen.mrzLines.joined() + "0", citizen.mrzLines.joined(separator: "\n")]
                    .map { Array($0.utf8) }
            },
            "tlv": groups.filter { $0.count < 2000 } + files.filter { $0.first == 0x60 } + Self.small,
            "cms": securityObjects,
            "certificates": try Self.certificates(),
            "groups": groups + (try Self.keyGroups()),
            "face": faces.map { Array($0.prefix(6000)) } + faces,
            "ccid": Self.frames,
            "hid": Self.reportDescriptors + [Self.reports],
            "answers": Self.answers,
            "trace": [Array(Self.trace.utf8)],
            "page": try Self.pages(),
            "reading": Self.conversations(chips),
            "opening": (0..<4).flatMap { choice in Self.openings.map { [choice] + $0 } },
        ]
    }

    /// Small papers at 100 dpi and what a scanner may make of them, after the byte that says the resolution.
    private static func pages() throws -> [[UInt8]] {
        let papers: [(sheet: CorpusSheet, change: (inout CorpusConditions) -> Void)] = [
            (.slip, { _ in }), (.slip, { $0.isColour = false }), (.slip, { $0.bed = .white }), (.blank, { _ in }),
            (.stampOnly, { $0.quarterTurns = 1 }), (.identityCard, { $0.paper = (width: 120, height: 160) }),
            (.bars(modules: "1010001011010000101000110", module: 0.5), { $0.angle = 9 }),
        ]
        return try papers.enumerated().map { index, paper in
            let page = CorpusPage("seed", paper.sheet, seed: UInt64(index + 1), angle: 2) {
                $0.resolution = 100
                $0.frame = (width: 70, height: 95)
                $0.paper = (width: 62, height: 88)
                $0.quality = 70
                paper.change(&$0)
            }
            return [UInt8(index.isMultiple(of: 2) ? 1 : 3)] + (try page.scan().jpeg)
        }
    }

    private static let reportDescriptors = QRReaderDevice.Layout.allCases.flatMap { layout in
        QRReaderDevice.Description.allCases.map {
            QRReaderDevice.reportDescriptor(layout: layout, description: $0, needsEnabling: true)
        }
    }

    private static let citizens: [SyntheticCitizen] = {
        let codings = SyntheticCitizen.Portrait.Coding.allCases
        let containers = SyntheticCitizen.Portrait.Container.allCases
        var citizens = SyntheticCitizen.all
        for index in citizens.indices {
            citizens[index].portrait = .init(
                codings[index % codings.count], in: containers[index / 2 % containers.count])
            citizens[index].hasAdditionalDetails = index.isMultiple(of: 2)
        }
        return citizens
    }()

    private static let small = [
        hex(
            """
            3134300D060804007F0007020202020101300F060A04007F000702020302020201013012060A04007F0007020204020202010202010D
            """), hex("43 01 80 00 FF 47 03 C4 01 C0 7F66 08 02 02 0400 02 02 1000 FF FF"),
        hex("3184000000023000"), hex("7F4E 82 0003 5F2900"),
    ]

    /// DG14 with a key for chip authentication, and DG15.
    private static func keyGroups() throws -> [[UInt8]] {
        let keys = try [SimulatedIssuerAlgorithm.standard, SimulatedIssuerAlgorithm.all[0]].map {
            try SimulatedIssuerKey($0).publicKey
        }
        let algorithm = ChipTLV.object(0x30, hex("060A04007F00070202030202 020101"))
        return keys.flatMap { key in
            let info = ChipTLV.object(0x30, hex("060904007F000702020102") + key)
            return [ChipTLV.object(0x6E, ChipTLV.object(0x31, algorithm + info)), ChipTLV.object(0x6F, key)]
        }
    }

    private static func certificates() throws -> [[UInt8]] {
        try [SimulatedIssuerAlgorithm.standard, SimulatedIssuerAlgorithm.all[0]].flatMap { algorithm -> [[UInt8]] in
            let issuer = try SimulatedIssuer(algorithm: algorithm)
            let list = try issuer.authority.revocationList(revoking: [issuer.signer], issued: Date(), nextUpdate: nil)
            return [
                issuer.authority.certificate, issuer.signer.certificate, list,
                try SimulatedIssuer.masterList(of: [issuer.authority.certificate], by: issuer.signer),
            ]
        }
    }

    /// Frames of a reader in pieces, after a byte that says which exchange they answer.
    private static let frames: [[UInt8]] = [
        [0] + piece(hex("81 00000000 00 08 00 00 00")), [1] + piece(hex("80 02000000 00 08 00 00 00 3B80")),
        [4] + piece(hex("80 00000000 00 08 80 01 00")) + piece(hex("80 04000000 00 08 00 00 01 01029000"))
            + piece(hex("80 02000000 00 09 00 00 02 9000")),
        [5] + piece(hex("80 00000000 00 08 00 00 10")) + piece(hex("80 00000000 00 09 00 00 10"))
            + piece(hex("80 02000000 00 0A 00 00 00 9000")),
        [4] + piece(hex("80 00000000 00 08 42 FE 00")), [0x84] + piece(hex("80 16C00000 00 08 00 00 00")),
        hex("50 03"), hex("51 00 08 C0"),
        hex("36 21 1001 00 07 03000000 A00F0000 A00F0000 00 80250000 80250000 00 00000000")
            + hex("00000000 00000000 42040400 0A020000 00 00 0000 00 01"),
    ]

    /// Two reports of a scan: length, AIM identifier, data, and at byte 62 whether more follow.
    private static let reports: [UInt8] = {
        func report(_ text: String, isContinued: Bool) -> [UInt8] {
            let data = Array(text.utf8)
            let head = [2, UInt8(data.count)] + Array("]Q1".utf8) + data
            return head + [UInt8](repeating: 0, count: 63 - head.count) + [isContinued ? 1 : 0]
        }
        return piece(report("001090123456|012345678|Nguyễn", isContinued: true))
            + piece(report(" Văn A|", isContinued: false))
    }()

    /// "A", Enter of a keyboard, as events of 24 bytes: Shift, key, key up; and a line of text.
    private static let keys: [UInt8] = {
        func event(_ type: UInt8, _ code: UInt8, _ value: UInt8) -> [UInt8] {
            [UInt8](repeating: 0, count: 16) + [type, 0, code, 0, value, 0, 0, 0]
        }
        let events =
            event(1, 42, 1) + event(1, 30, 1) + event(1, 30, 0) + event(1, 42, 0) + event(1, 28, 1) + event(0, 3, 0)
        return piece(events) + piece(Array("]Q1001090123456|\r\n".utf8))
    }()

    private static let answers = [
        hex("3B 88 80 01 80 73 C8 21 13 80 73 00 00"),
        hex("3B 8F 80 01 80 4F 0C A0 00 00 03 06 03 00 01 00 00 00 00 6A"),
        hex("3B 65 00 00 9C 02 02 07 02"), hex("0A 78 77 80 02 80 73 C4 21 C0"), hex("80 73 C4 21 C0 31 80"),
    ]

    private static let trace = """
        {"kind":"header","header":{"format":1,"kioskVersion":"0","time":"2026-01-01T00:00:00Z","reader":"R","answerToReset":"3B80",\
        "maximumCommandLength":261,"key":{"access":"PACE-CAN","basicAccessInputs":2},"needs":["chip"],"masked":true}}
        {"kind":"exchange","at":1.5,"took":2,"protected":true,"command":"00B0810000","response":"6102","status":"9000",\
        "transmissions":1,"bytes":9}
        {"kind":"exchange","at":4,"took":2,"protected":true,"command":"00B0000004","failure":"session-lost","status":"6988"}
        {"kind":"run","name":"PACE","result":"established","cipher":"AES-128"}
        {"kind":"reset"}
        {"kind":"end","outcome":{"error":"unreadable","detail":"DG1","groups":[1,2,13]},"replays":true}
        """

    /// A file in blocks, with the hints and refusals that real chips give between them.
    private static func conversations(_ chips: [ChipFiles]) -> [[UInt8]] {
        let file = chips.first?.application[0x010D] ?? []
        let blocks = [file.prefix(8), file.dropFirst(8).prefix(200), file.dropFirst(208)]
        let whole = blocks.flatMap { piece(Array($0) + [0x90, 0]) }
        return [
            whole, piece([0x67, 0]) + whole, piece([0x6C, 0x60]) + whole, piece([1, 0x61, 5]) + whole,
            whole.dropLast(40) + piece([0]),
        ]
    }

    private static let openings = [
        piece(hex("9000")) + piece(hex("7C128010 95A3A016522EE98D01E76CB6B98B42C3 9000"))
            + piece(hex("7C438241 049000")),
        piece(hex("4608F91988702212 9000"))
            + piece(hex("46B9342A41396CD7386BF5803104D7CEDC122B9132139BAF2EEDC94EE178534F2F2D235D074D7449 9000")),
        piece(hex("8709019FF0EC34F9922651990290008E08AD55CC17140B2DED9000")), piece(hex("6300")),
    ]

    private static func piece(_ bytes: [UInt8]) -> [UInt8] { [UInt8(truncatingIfNeeded: bytes.count)] + bytes }
}

/// Reads hexadecimal text, spaces ignored.
func hex(_ text: String) -> [UInt8] {
    let digits = text.filter { !$0.isWhitespace }.compactMap(\.hexDigitValue)
    return stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
}
