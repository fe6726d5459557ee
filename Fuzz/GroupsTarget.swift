import IdentityCard

extension FuzzTarget {
    /// The data groups that are understood; the first byte, which is the group's tag, says which.
    static let groups = FuzzTarget(name: "groups", longest: 65_536) { bytes in
        switch bytes.first {
        case 0x61: _ = try? DataGroup1(bytes)
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
        default: break
        }
    }
}
