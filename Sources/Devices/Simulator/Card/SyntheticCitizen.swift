import Foundation

/// A person who does not exist, with everything that stands on and in the identity card.
public struct SyntheticCitizen: Sendable, Equatable {
    /// Which card was issued: they differ in their QR code.
    public enum Layout: Sendable { case card2021, card2024 }

    /// Which protocols the chip knows.
    public enum Chip: Sendable { case paceAndBasicAccess, basicAccessOnly }

    /// How the photograph is coded, and the record around it: all of these are in the field.
    public struct Portrait: Sendable, Equatable {
        public enum Coding: Sendable, CaseIterable { case jpeg, jpeg2000, jpeg2000Codestream }

        /// A facial record of ISO/IEC 19794-5 of 2005 or of 2011, or a face image data block of ISO/IEC 39794-5.
        public enum Container: Sendable, CaseIterable { case iso19794of2005, iso19794of2011, iso39794 }

        public var coding: Coding
        public var container: Container

        public init(_ coding: Coding = .jpeg, in container: Container = .iso19794of2005) {
            self.coding = coding
            self.container = container
        }
    }

    /// How `kiosk-sim card insert` calls the card.
    public var id: String
    public var number: String
    public var formerNumber: String?
    public var fullName: String
    /// Days are written ddMMyyyy, as on the card.
    public var dateOfBirth: String
    /// `Nam` or `Nữ`.
    public var sex: String
    public var ethnicity: String
    public var religion: String
    public var placeOfOrigin: String
    public var placeOfResidence: String
    public var features: String
    public var dateOfIssue: String
    /// nil for a card that does not expire.
    public var dateOfExpiry: String?
    public var father: String
    public var mother: String
    public var spouse: String?
    public var serial: String
    public var layout: Layout
    public var chip: Chip
    public var portrait = Portrait()
    /// What active authentication signs with; nil: the chip does not know it, and has no DG15.
    public var signature: ChipProtocols.Signature?
    /// The chip has DG11 and DG12, as passports of other states do; Vietnamese cards have neither.
    public var hasAdditionalDetails = false

    /// What the card's chip knows.
    public var protocols: ChipProtocols {
        var protocols = chip == .paceAndBasicAccess ? ChipProtocols.vietnamese : .basicAccessOnly
        protocols.signature = signature
        return protocols
    }

    /// What the QR code holds.
    public var qrText: String {
        let common = [
            number, formerNumber ?? "", fullName, dateOfBirth, sex, placeOfResidence, dateOfIssue,
        ]
        let tail = layout == .card2024 ? ["", father, mother] : []
        return (common + tail).joined(separator: "|")
    }

    /// The machine-readable zone, three lines of 30 characters (ICAO 9303-5).
    public var mrzLines: [String] {
        let document = String(number.suffix(9))
        let optional = number + "<<"
        let upper = document + digit(document) + optional + digit(optional)
        let birth = sixDigits(dateOfBirth)
        // What cards without an expiry hold is not public; the last day of a century stands for it here.
        let expiry = dateOfExpiry.map(sixDigits) ?? "991231"
        let middle = birth + digit(birth) + (sex == "Nam" ? "M" : "F") + expiry + digit(expiry)
        let composite = upper + birth + digit(birth) + expiry + digit(expiry) + String(repeating: "<", count: 11)
        let words = latin(fullName).split(separator: " ")
        let name = ([words.first ?? ""] + [""] + words.dropFirst()).joined(separator: "<")
        return [
            "IDVNM" + upper, middle + "VNM" + String(repeating: "<", count: 11) + digit(composite),
            String((name + String(repeating: "<", count: 30)).prefix(30)),
        ]
    }

    private func sixDigits(_ day: String) -> String {
        let characters = Array(day)
        return String(characters[6...7] + characters[2...3] + characters[0...1])
    }

    private func digit(_ text: String) -> String {
        let sum = zip(text, (0..<text.count).map { [7, 3, 1][$0 % 3] }).reduce(0) { sum, pair in
            let value = pair.0 == "<" ? 0 : Int(String(pair.0), radix: 36) ?? 0
            return sum + value * pair.1
        }
        return String(sum % 10)
    }

    private func latin(_ name: String) -> String {
        let plain = name.replacing("đ", with: "d").replacing("Đ", with: "D").decomposedStringWithCanonicalMapping
        return String(String.UnicodeScalarView(plain.unicodeScalars.filter { $0.isASCII && $0 != "'" })).uppercased()
    }
}
