import KioskConfiguration
import Peripherals
import Testing

@testable import Journey

@Suite("the kiosk's sentences")
struct LocaleTests {
    /// Every text that code asks for by a name that it puts together.
    static var computedKeys: [String] {
        func conditions<Condition: DeviceCondition>(_: Condition.Type) -> [String] {
            Condition.allCases.map { "device.\(Condition.role.rawValue).\($0.code)" }
        }
        let cardErrors: [CardReadError] = [
            .noReader, .noCard, .notAnIdentityCardQR, .healthInsuranceQR, .wrongKey, .otherCard, .removed,
            .unreadable(""), .readerFault(""), .cancelled,
        ]
        let scanErrors: [ScanError] =
            ScannerCondition.allCases.map(ScanError.device) + [.timedOut, .diskFull, .cancelled, .failed("")]
        return conditions(CardReaderCondition.self) + conditions(BarcodeReaderCondition.self)
            + conditions(PrinterCondition.self) + conditions(ScannerCondition.self)
            + cardErrors.map { "card.error.\($0.code)" } + scanErrors.map { "scan.error.\($0.code)" }
            + PrinterCondition.allCases.map { "printer-trouble.\($0.code)" }
            + ["disk-full", "failed"].map { "submit.error.\($0)" }
            + PageFinding.allCases.map { "scan.finding.\($0.code)" }
            + ["waiting-to-send", "received", "refused"].map { "lookup.state.\($0)" }
    }

    @Test("every condition and every error has a sentence in every language")
    func computedTexts() throws {
        let locales = try JourneyFixture.context().locales
        for language in locales.languages {
            for key in Self.computedKeys { #expect(locales[language].has(key), "\(language): \(key)") }
        }
    }

    @Test("no screen shows the name of a text instead of the text", arguments: JourneyFixture.Place.allCases)
    func shownTexts(_ place: JourneyFixture.Place) throws {
        for language in ["vi", "en"] {
            var fixture = try JourneyFixture.at(place)
            fixture.touch("setLanguage", language)
            fixture.happen(
                .devices([DeviceReport(PrinterCondition.paperOut), DeviceReport(ScannerCondition.absent)]))
            let screen = fixture.journey.screen
            let texts =
                [screen.title, screen.lead, screen.notice?.text, screen.step?.label].compactMap { $0 }
                + screen.actions.map(\.label)
            for text in texts {
                #expect(text.wholeMatch(of: /[a-z-]+(\.[a-zA-Z-]+)+/) == nil, "\(place) shows \(text)")
                #expect(!text.contains("{"), "\(place): nothing fills \(text)")
            }
        }
    }
}
