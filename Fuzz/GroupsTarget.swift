import IdentityCard
import Peripherals
import SmartCard

extension FuzzTarget {
    /// The data groups that are understood; the first byte, which is the group's tag, says which.
    static let groups = FuzzTarget(name: "groups", longest: 65_536) { bytes in
        switch bytes.first {
        case 0x61:
            if let group = try? DataGroup1(bytes) { _ = try? Citizen(group.mrz, nil) }
        case 0x75:
            if let group = try? DataGroup2(bytes) { precondition(!group.image.isEmpty) }
        case 0x6B:
            guard let group = try? DataGroup11(bytes) else { return }
            _ = (group.fullName, group.otherNames, group.personalNumber, group.dateOfBirth, group.placeOfBirth)
            _ = (group.address, group.telephone, group.proofOfCitizenship, group.otherDocumentNumbers, group.raw)
        case 0x6C:
            guard let group = try? DataGroup12(bytes) else { return }
            _ = (group.issuingAuthority, group.dateOfIssue, group.otherPersons, group.observations, group.raw)
        case 0x6D:
            guard let group = try? DataGroup13(bytes) else { return }
            for field in DataGroup13.Field.allCases { _ = (group.text(field), group.date(field)) }
            _ = (group.father, group.mother, group.formerNumber)
            if let zone, let citizen = try? Citizen(zone, group) { precondition(citizen.number == "001090123456") }
        case 0x6E:
            guard let infos = try? SecurityInfos(dataGroup14: bytes) else { return }
            for choice in infos.chipAuthenticationChoices.prefix(4) { authenticate(choice) }
        case 0x6F:
            guard var active = try? ActiveAuthentication(dataGroup15: bytes, nonce: [1, 2, 3, 4, 5, 6, 7, 8]) else {
                return
            }
            _ = active.start()
            let answer = APDU.Response(data: Array(bytes.suffix(256)), status: .success)
            if case .genuine = active.receive(answer) { preconditionFailure("a signature out of nothing") }
        default: break
        }
    }

    /// Of the same synthetic person as the seeds.
    private static let zone = try? MRZ(lines: [
        "IDVNM0901234562001090123456<<3", "9001011M3001019VNM<<<<<<<<<<<4", "NGUYEN<<VAN<A<<<<<<<<<<<<<<<<<",
    ])

    private static func authenticate(_ choice: ChipAuthenticationChoice) {
        guard var chip = try? ChipAuthentication(choice, privateKey: [UInt8](repeating: 3, count: 20)) else { return }
        _ = chip.start()
        _ = chip.receive(APDU.Response(status: .success))
    }
}
