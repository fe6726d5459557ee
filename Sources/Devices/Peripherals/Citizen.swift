/// The holder of an identity card as the chip says it (data groups 1 and 13).
///
/// Lives in memory for one visit only and is never logged. Names are in Unicode NFC.
public struct Citizen: Sendable, Equatable, Codable {
    /// The personal identification number (số định danh cá nhân), 12 digits.
    public var number: String
    public var fullName: String
    public var dateOfBirth: CalendarDate
    /// `Nam` or `Nữ`, as on the card.
    public var sex: String
    public var nationality: String
    public var ethnicity: String?
    public var religion: String?
    public var placeOfOrigin: String?
    public var placeOfResidence: String?
    public var dateOfIssue: CalendarDate?
    /// nil when the card says that it does not expire, or says nothing.
    public var dateOfExpiry: CalendarDate?
    public var father: String?
    public var mother: String?
    public var spouse: String?
    /// The nine-digit number of the paper identity card before (CMND).
    public var formerNumber: String?

    public init(
        number: String, fullName: String, dateOfBirth: CalendarDate, sex: String, nationality: String,
        ethnicity: String? = nil, religion: String? = nil, placeOfOrigin: String? = nil,
        placeOfResidence: String? = nil, dateOfIssue: CalendarDate? = nil, dateOfExpiry: CalendarDate? = nil,
        father: String? = nil, mother: String? = nil, spouse: String? = nil, formerNumber: String? = nil
    ) {
        self.number = number
        self.fullName = fullName
        self.dateOfBirth = dateOfBirth
        self.sex = sex
        self.nationality = nationality
        self.ethnicity = ethnicity
        self.religion = religion
        self.placeOfOrigin = placeOfOrigin
        self.placeOfResidence = placeOfResidence
        self.dateOfIssue = dateOfIssue
        self.dateOfExpiry = dateOfExpiry
        self.father = father
        self.mother = mother
        self.spouse = spouse
        self.formerNumber = formerNumber
    }
}
