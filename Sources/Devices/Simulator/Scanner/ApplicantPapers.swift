extension IdentityCardSheet {
    /// A copy of the card that the simulator's reader holds.
    public init(of citizen: SyntheticCitizen) {
        self.init(
            number: citizen.number, formerNumber: citizen.formerNumber ?? "", fullName: citizen.fullName,
            dateOfBirth: Self.slashed(citizen.dateOfBirth), sex: citizen.sex, placeOfOrigin: citizen.placeOfOrigin,
            placeOfResidence: citizen.placeOfResidence, dateOfIssue: Self.slashed(citizen.dateOfIssue),
            dateOfExpiry: citizen.dateOfExpiry.map(Self.slashed) ?? "Không thời hạn", mrz: citizen.mrzLines)
    }

    /// `ddMMyyyy` as `dd/MM/yyyy`.
    private static func slashed(_ day: String) -> String {
        "\(day.prefix(2))/\(day.dropFirst(2).prefix(2))/\(day.dropFirst(4))"
    }
}

extension PaperSheet {
    /// What an applicant brings for a birth registration: the hospital's certificate and a copy of the own card.
    public static let applicantPapers: [PaperSheet] = [
        .birthCertificate(BirthCertificateSheet()), .identityCard(IdentityCardSheet(of: .nguyenVanA)),
    ]
}
