/// The contents of a chip's files, made from a synthetic citizen.
struct ChipFiles: Sendable {
    /// In the master file, like EF.CardSecurity; nil for a chip without PACE.
    let cardAccess: [UInt8]?
    /// Signed SecurityInfos; nil for a chip without chip authentication mapping.
    let cardSecurity: [UInt8]?
    /// By file identifier.
    let application: [UInt16: [UInt8]]

    /// With new keys for the citizen's protocols.
    init(_ citizen: SyntheticCitizen, issuer: SimulatedIssuer, leastPhotograph: Int = 0) throws {
        try self.init(
            citizen, issuer: issuer,
            infos: ChipSecurityInfos(protocols: citizen.protocols, keys: try ChipKeys(citizen.protocols)),
            leastPhotograph: leastPhotograph)
    }

    init(
        _ citizen: SyntheticCitizen, issuer: SimulatedIssuer, infos: ChipSecurityInfos, leastPhotograph: Int = 0,
        malice: CardMalice? = nil
    ) throws {
        let zone = ChipTLV.object(0x61, ChipTLV.object([0x5F, 0x1F], Array(citizen.mrzLines.joined().utf8)))
        let portrait = try PortraitRecord.dataGroup2(citizen, least: malice?.leastPhotograph ?? leastPhotograph)
        let additional = citizen.hasAdditionalDetails ? ChipDetails(citizen) : nil
        var groups = [1: zone, 2: portrait, 13: Self.dataGroup13(citizen)]
        if let additional { (groups[11], groups[12]) = (additional.dataGroup11, additional.dataGroup12) }
        groups[14] = try infos.dataGroup14()
        groups[15] = infos.dataGroup15
        malice?.spoil(&groups)
        cardAccess = infos.cardAccess
        cardSecurity = try infos.cardSecurity().map { content in
            try issuer.sign(content: content, contentType: [0, 4, 0, 127, 0, 7, 3, 2, 1])
        }
        var application: [UInt16: [UInt8]] = [
            0x011E: Self.common(tags: groups.sorted { $0.key < $1.key }.compactMap { $0.value.first }),
            0x011D: try malice?.securityObject ?? issuer.securityObject(over: groups),
        ]
        for (number, content) in groups { application[0x0100 | UInt16(number)] = content }
        self.application = application
    }

    /// EF.ATR/INFO: card capabilities and extended length information (ISO/IEC 7816-4, 12.1.1.9 and 12.7.1).
    static func information(longestResponse: Int, extended: Bool) -> [UInt8] {
        func number(_ value: Int) -> [UInt8] {
            ChipTLV.object(0x02, [0, UInt8(value >> 8 & 0xFF), UInt8(value & 0xFF)])
        }
        return ChipTLV.object(0x47, [0xC8, 0x21, extended ? 0x60 : 0x20])
            + ChipTLV.object([0x7F, 0x66], number(min(longestResponse, 2048)) + number(longestResponse))
    }

    /// EF.COM: LDS 1.7, Unicode 4.0.0, the list of tags.
    private static func common(tags: [UInt8]) -> [UInt8] {
        ChipTLV.object(
            0x60,
            ChipTLV.object([0x5F, 0x01], Array("0107".utf8)) + ChipTLV.object([0x5F, 0x36], Array("040000".utf8))
                + ChipTLV.object(0x5C, tags))
    }

    /// `6D { SEQUENCE { 1, OBJECT IDENTIFIER, SET OF SEQUENCE { number, value } } }`, as on the cards seen.
    static func dataGroup13(_ citizen: SyntheticCitizen) -> [UInt8] {
        func utf8(_ text: String) -> [UInt8] { ChipTLV.object(0x0C, Array(text.utf8)) }
        func printable(_ text: String) -> [UInt8] { ChipTLV.object(0x13, Array(text.utf8)) }
        func sequence(_ content: [UInt8]) -> [UInt8] { ChipTLV.object(0x30, content) }
        func date(_ day: String) -> String { "\(day.prefix(2))/\(day.dropFirst(2).prefix(2))/\(day.suffix(4))" }
        let values: [[UInt8]] = [
            printable(citizen.number), utf8(citizen.fullName), printable(date(citizen.dateOfBirth)), utf8(citizen.sex),
            utf8("Việt Nam"), utf8(citizen.ethnicity), utf8(citizen.religion), utf8(citizen.placeOfOrigin),
            utf8(citizen.placeOfResidence), utf8(citizen.features), printable(date(citizen.dateOfIssue)),
            utf8(citizen.dateOfExpiry.map(date) ?? "Không thời hạn"),
            sequence(utf8(citizen.father)) + sequence(utf8(citizen.mother)),
            citizen.spouse.map { sequence(utf8($0)) } ?? [], printable(citizen.formerNumber ?? ""),
            printable(citizen.serial),
        ]
        let fields = values.enumerated().flatMap { index, value in
            sequence(ChipTLV.object(0x02, [UInt8(index + 1)]) + value)
        }
        let identifier: [UInt8] = [0x28, 0xD3, 0x16, 0x01, 0x00, 0x08]
        return ChipTLV.object(
            0x6D,
            sequence(ChipTLV.object(0x02, [1]) + ChipTLV.object(0x06, identifier) + ChipTLV.object(0x31, fields)))
    }
}
