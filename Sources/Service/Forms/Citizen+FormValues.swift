import Peripherals

extension Citizen {
    /// The names that a form may ask of `instance('citizen')/root/…`.
    public static let formFields: Set<String> = [
        "number", "full_name", "date_of_birth", "year_of_birth", "sex", "nationality", "ethnicity", "religion",
        "place_of_origin", "place_of_residence", "date_of_issue", "date_of_expiry", "father", "mother", "spouse",
        "former_number",
    ]

    /// The holder as the form's secondary instance `citizen`: hand it in as
    /// `FormSession(…, secondary: ["citizen": citizen.formValues])`. What the card does not say is left out and reads
    /// as an empty text in the form; `sex` is `male` or `female`, dates are ISO 8601.
    public var formValues: [String: String] {
        var values = [
            "number": number, "full_name": fullName, "date_of_birth": dateOfBirth.description,
            "year_of_birth": String(dateOfBirth.year), "nationality": nationality,
        ]
        switch sex {
        case "Nam": values["sex"] = "male"
        case "Nữ": values["sex"] = "female"
        default: break
        }
        values["ethnicity"] = ethnicity
        values["religion"] = religion
        values["place_of_origin"] = placeOfOrigin
        values["place_of_residence"] = placeOfResidence
        values["date_of_issue"] = dateOfIssue?.description
        values["date_of_expiry"] = dateOfExpiry?.description
        values["father"] = father
        values["mother"] = mother
        values["spouse"] = spouse
        values["former_number"] = formerNumber
        return values
    }
}
