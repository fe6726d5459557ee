/// DG11 and DG12 of a chip as other states issue them (ICAO 9303-10, 4.7.11 and 4.7.12), filled from a citizen.
struct ChipDetails {
    let dataGroup11: [UInt8]
    let dataGroup12: [UInt8]

    init(_ citizen: SyntheticCitizen) {
        func text(_ tag: UInt8, _ value: String) -> [UInt8] { ChipTLV.object([0x5F, tag], Array(value.utf8)) }
        func reordered(_ day: String) -> String { "\(day.suffix(4))\(day.dropFirst(2).prefix(2))\(day.prefix(2))" }
        let words = citizen.fullName.split(separator: " ")
        let name = ([words.first ?? ""] + [""] + words.dropFirst()).joined(separator: "<")
        let others = ChipTLV.object(0x02, [1]) + text(0x0F, "TEN<<KHAC")
        let person =
            ChipTLV.object(0x5C, [0x5F, 0x0E, 0x5F, 0x0F, 0x5F, 0x10, 0x5F, 0x2B, 0x5F, 0x11, 0x5F, 0x42])
            + text(0x0E, name) + ChipTLV.object(0xA0, others) + text(0x10, citizen.number)
            + text(0x2B, reordered(citizen.dateOfBirth)) + text(0x11, "TINH GIA LAI<VIET NAM")
            + text(0x42, citizen.placeOfResidence.replacing(", ", with: "<"))
        dataGroup11 = ChipTLV.object(0x6B, person)
        // The day of issue in packed digits, as the first edition wanted it.
        let digits = reordered(citizen.dateOfIssue).utf8.map { $0 & 0x0F }
        let packed = stride(from: 0, to: digits.count - 1, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
        let document =
            ChipTLV.object(0x5C, [0x5F, 0x19, 0x5F, 0x26, 0x5F, 0x55])
            + text(0x19, "Co quan mo phong") + ChipTLV.object([0x5F, 0x26], packed) + text(0x55, "20210502120000")
        dataGroup12 = ChipTLV.object(0x6C, document)
    }
}
