import Testing

@testable import IdentityCard

@Suite("EF.ATR/INFO")
struct CardInformationTests {
    @Test("extended length information and card capabilities, padding between them")
    func whole() {
        let file = CardInformationFile(hex("43 01 80 00 FF 47 03 C4 01 C0 7F66 08 02 02 0400 02 02 1000 FF FF"))
        #expect(file.maximumCommandLength == 1024 && file.maximumResponseLength == 4096)
        #expect(file.capabilities?.takesExtendedLength == true)
        #expect(file.capabilities?.readsByShortIdentifier == true)
    }

    @Test(
        "numbers are bounded before they are believed",
        arguments: [
            ("7F66 0A 02 03 010000 02 03 010000", 65_536, 65_536),
            ("7F66 0B 02 04 7FFFFFFF 02 03 7FFFFF", 65_544, 65_538),
            ("7F66 0A 02 03 00FFFF 02 03 00FFFF", 65_535, 65_535), ("7F66 06 02 01 10 02 01 00", nil, nil),
            ("7F66 08 04 02 0400 02 02 1000", nil, 4096), ("7F66 04 02 02 0400", nil, nil),
            ("7F66 10 02 02 0400", nil, nil), ("", nil, nil), ("47 04 00 00 00 00", nil, nil),
        ] as [(String, Int?, Int?)])
    func bounded(_ text: String, _ command: Int?, _ response: Int?) {
        let file = CardInformationFile(hex(text))
        #expect(file.maximumCommandLength == command && file.maximumResponseLength == response)
        #expect(file.capabilities == nil)
    }

    @Test("what comes before something unreadable counts")
    func cut() {
        #expect(CardInformationFile(hex("47 03 80 01 40 7F66 08 02 02")).capabilities?.takesExtendedLength == true)
    }
}
