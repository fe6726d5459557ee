import Foundation
import KioskConfiguration
import Peripherals
import Testing

@testable import Journey

@Suite("the applicant's way")
struct JourneyTests {
    typealias Place = JourneyFixture.Place

    @Test("from the welcome screen to the ticket, every screen comes in its order")
    func wholeWay() throws {
        var fixture = try JourneyFixture()
        var screens = [fixture.journey.screen.id]
        func note(_ fixture: JourneyFixture) {
            if screens.last != fixture.journey.screen.id { screens.append(fixture.journey.screen.id) }
        }
        for place in [
            Place.need, .identify, .identified, .priority, .advice, .form, .scan, .review, .submitting, .printed,
            .thanks,
        ] {
            fixture = try JourneyFixture.at(place)
            note(fixture)
        }
        #expect(
            screens == [
                "welcome", "need", "identify", "priority", "advice", "form", "scan", "review", "submitting", "ticket",
                "thanks",
            ])
    }

    @Test("what is submitted holds the card, the answers and the pages; the form takes names from the card")
    func submission() throws {
        var fixture = try JourneyFixture.at(.review)
        fixture.touch("submit")
        let submissions = fixture.effects.compactMap { effect -> Submission? in
            if case .submit(let submission) = effect { submission } else { nil }
        }
        let submission = try #require(submissions.first)
        #expect(submission.citizen?.number == "001090123456")
        #expect(submission.procedure?.code == "1.001193")
        #expect(submission.pages["birth-certificate"]?.map(\.id) == ["p1"])
        #expect(submission.form?.values.values.contains("Nguyễn Văn A") == true)
    }

    @Test(
        "from every place but those where the machine works, cancelling leads to the welcome screen and wipes",
        arguments: Place.allCases)
    func cancel(_ place: Place) throws {
        var fixture = try JourneyFixture.at(place)
        fixture.touch("cancel")
        if fixture.journey.screen.id == "cancel" { fixture.touch("leave") }
        switch place {
        case .welcome:
            #expect(fixture.journey.screen.id == "welcome")
        case .recovery, .recoveryPart:
            // No visit has begun: the question is answered, or time goes by.
            #expect(fixture.journey.screen.id == "recovery")
        case .submitting, .printing:
            // What was committed cannot be taken back here; the ticket comes in a moment.
            let before = try JourneyFixture.at(place).journey.screen.id
            #expect(fixture.journey.screen.id == before)
        case .printed:
            #expect(fixture.journey.screen.id == "thanks")
        default:
            #expect(fixture.journey.screen.id == "welcome")
            #expect(fixture.takeEffects().last == "wipe")
            #expect(fixture.journey.visit.card == nil)
        }
    }

    @Test("going back from every place leads to an earlier one, and answers stay", arguments: Place.allCases)
    func back(_ place: Place) throws {
        let expected: [Place: String] = [
            .need: "welcome", .identify: "need", .placeCard: "need", .reading: "need", .putBack: "need",
            .failed: "need", .identified: "need", .priority: "identify", .advice: "priority", .form: "advice",
            .scan: "form", .review: "scan", .finding: "scan", .page: "scan", .retake: "scan-finding",
            .preparing: "scan", .lookUp: "need", .searching: "need", .found: "lookup",
        ]
        var fixture = try JourneyFixture.at(place)
        let before = fixture.journey.screen.id
        let hadForm = fixture.journey.visit.form != nil
        fixture.touch("back")
        #expect(fixture.journey.screen.id == expected[place] ?? before)
        #expect((fixture.journey.visit.form != nil) == hadForm)
    }

    @Test("nobody touches the screen: first a warning, then the end of the visit", arguments: Place.allCases)
    func idle(_ place: Place) throws {
        var fixture = try JourneyFixture.at(place)
        let isAtWork: Set<Place> = [.reading, .scanning, .preparing, .submitting, .printing, .searching]
        fixture.wait(61)
        switch place {
        case .welcome, .recovery, .recoveryPart: #expect(fixture.journey.screen.idleWarning == nil)
        case .thanks, .ended: #expect(fixture.journey.screen.id == "welcome")
        case let place where isAtWork.contains(place): #expect(fixture.journey.screen.idleWarning == nil)
        default:
            let warning = try #require(fixture.journey.screen.idleWarning)
            #expect((1...20).contains(warning.secondsLeft))
            fixture.wait(20)
            #expect(fixture.journey.screen.id == "welcome")
            #expect(fixture.takeEffects().contains("wipe"))
        }
    }

    @Test("the page is told of everything that time alone changes; the counting warning makes no touch stale")
    func changedByTime() throws {
        var fixture = try JourneyFixture.at(.form)
        fixture.wait(59)
        let before = fixture.journey.screen
        fixture.wait(5)
        #expect(fixture.journey.screen != before && fixture.journey.revision == before.revision)

        var paper = try JourneyFixture.at(.unproved)
        paper.happen(.devices([DeviceReport(PrinterCondition.ready)]))
        let unoffered = paper.journey.revision
        paper.wait(2)
        #expect(paper.journey.screen.actions.map(\.id).contains("reprint") && paper.journey.revision > unoffered)
    }

    @Test("a touch during the warning keeps the visit")
    func stay() throws {
        var fixture = try JourneyFixture.at(.form)
        fixture.wait(70)
        fixture.touch("stay")
        #expect(fixture.journey.screen.idleWarning == nil)
        #expect(fixture.journey.screen.id == "form")
        fixture.wait(59)
        #expect(fixture.journey.screen.id == "form")
    }

    @Test("a submission that fails keeps everything, and the second try has the same key")
    func submitAgain() throws {
        var fixture = try JourneyFixture.at(.submitting)
        fixture.happen(.submitFailed(code: "disk-full"))
        #expect(fixture.journey.screen.id == "review")
        #expect(fixture.journey.screen.notice?.kind == .error)
        #expect(fixture.journey.visit.pages["birth-certificate"]?.count == 1)
        fixture.touch("submit")
        let keys = fixture.effects.compactMap { effect -> UUID? in
            if case .submit(let submission) = effect { submission.key } else { nil }
        }
        #expect(keys == [JourneyFixture.key])
    }

    @Test("a touch on a screen that is gone changes nothing")
    func staleTouch() throws {
        var fixture = try JourneyFixture.at(.review)
        let old = fixture.journey.revision
        fixture.touch("submit")
        fixture.effectsOfStaleTouch(revision: old)
        #expect(fixture.effects.count { if case .submit = $0 { true } else { false } } == 1)
    }

    @Test("a card that was moved is read again when it lies there, without another scan")
    func putBack() throws {
        var fixture = try JourneyFixture.at(.putBack)
        fixture.happen(.cardPresence(.present))
        #expect(fixture.takeEffects() == ["readCard"])

        // Put back before the failed read has ended: the next tick sees it.
        var quick = try JourneyFixture.at(.reading)
        quick.happen(.cardPresence(.absent))
        quick.happen(.cardPresence(.present))
        quick.happen(.cardFailed(.removed))
        quick.wait(1)
        #expect(quick.takeEffects() == ["readCard"])
    }

    @Test("a code that opens no card is refused before a card is asked for, and the right one can follow at once")
    func otherCode() throws {
        var fixture = try JourneyFixture.at(.identify)
        fixture.happen(.cardPresence(.present))
        fixture.happen(.qrScanned("https://example.vn/"))
        #expect(fixture.journey.screen.notice?.kind == .error)
        #expect(fixture.takeEffects().isEmpty)
        fixture.happen(.qrScanned(JourneyFixture.citizenQR))
        #expect(fixture.takeEffects() == ["readCard"])
    }

    @Test(
        "a chip that is not the QR code's ends the visit: everything is wiped, and the message stays until it is read")
    func otherCard() throws {
        var fixture = try JourneyFixture.at(.reading)
        fixture.touch("setLanguage", "en")
        fixture.happen(.cardFailed(.otherCard))
        #expect(fixture.takeEffects() == ["record", "wipe"])
        let screen = fixture.journey.screen
        #expect(screen.notice?.kind == .error && screen.notice?.text.contains("two different people") == true)
        #expect(screen.language == "en" && screen.actions.map(\.id) == ["finish"])
        #expect(fixture.journey.visit.qrText == nil && fixture.journey.visit.card == nil)
        // Neither a scan nor a card brings it back.
        fixture.happen(.qrScanned(JourneyFixture.citizenQR))
        fixture.happen(.cardPresence(.present))
        fixture.happen(.cardRead(JourneyFixture.cardResult))
        #expect(fixture.takeEffects().isEmpty && fixture.journey.screen.id == "ended")
        fixture.touch("finish")
        #expect(fixture.journey.screen.id == "welcome")
    }

    @Test("papers that replace each other are asked for in one breath, and not any more when one is there")
    func alternatives() throws {
        var fixture = try JourneyFixture.at(.scan)
        func asked() -> [String] {
            fixture.journey.screen.blocks.compactMap { if case .scans(let scans) = $0 { scans.component } else { nil } }
        }
        #expect(asked() == ["birth-certificate", "witness-statement", "pledge"])
        fixture.touch("next")
        #expect(fixture.journey.screen.notice?.text.contains("Giấy chứng sinh hoặc ") == true)
        fixture.scan("birth-certificate", ["p1"])
        #expect(asked() == ["birth-certificate"])
    }

    @Test("from 60 years of age the card alone gives priority, and it cannot be unticked")
    func elderly() throws {
        var fixture = try JourneyFixture.at(.reading)
        fixture.happen(.cardRead(JourneyFixture.result(for: JourneyFixture.citizen(bornIn: 1966))))
        fixture.touch("next")
        fixture.touch("next", values: ["priority": ""])
        #expect(fixture.journey.visit.priorityClasses == ["elderly"])

        var younger = try JourneyFixture.at(.priority)
        younger.touch("next", values: ["priority": "pregnant nonsense"])
        #expect(younger.journey.visit.priorityClasses == ["pregnant"])
    }

    @Test("a required paper without pages is asked for by name; its alternatives count; the counter is the way out")
    func missingPapers() throws {
        var fixture = try JourneyFixture.at(.scan)
        fixture.touch("next")
        #expect(fixture.journey.screen.id == "scan")
        #expect(fixture.journey.screen.notice?.text.contains("Giấy chứng sinh") == true)

        var alternative = try JourneyFixture.at(.scan)
        alternative.scan("witness-statement", ["w1"])
        alternative.touch("next")
        #expect(alternative.journey.screen.id == "review")

        fixture.touch("atCounter")
        #expect(fixture.journey.screen.id == "review")
        #expect(fixture.journey.visit.papersAtCounter)
    }

    @Test("a page that arrives after the visit left the scan is thrown away")
    func latePage() throws {
        var fixture = try JourneyFixture.at(.welcome)
        fixture.happen(.pageScanned(component: "birth-certificate", JourneyFixture.page("late")))
        #expect(fixture.takeEffects() == ["deletePage"])
    }

    @Test("a wrong answer stays on its page with the form's own message")
    func wrongAnswer() throws {
        var fixture = try JourneyFixture.at(.form)
        fixture.touch("next")
        #expect(fixture.journey.screen.id == "form")
        #expect(fixture.journey.screen.notice?.kind == .error)
        let errors = fixture.journey.screen.blocks.compactMap { block -> String? in
            if case .field(let field) = block { field.error } else { nil }
        }
        #expect(!errors.isEmpty)
    }

    @Test("changing an answer from the check screen comes straight back to it")
    func change() throws {
        var fixture = try JourneyFixture.at(.review)
        let page = try #require(fixture.journey.visit.form?.pages.first?.id)
        fixture.touch("change", page)
        #expect(fixture.journey.screen.id == "form")
        fixture.touch("next")
        #expect(fixture.journey.screen.id == "review")
    }

    @Test("nothing of one visit is left for the next, not even the language")
    func nothingStays() throws {
        var fixture = try JourneyFixture.at(.review)
        fixture.touch("setLanguage", "en")
        #expect(fixture.journey.screen.language == "en")
        fixture.touch("cancel")
        fixture.touch("leave")
        #expect(fixture.journey.screen.language == "vi")
        #expect(fixture.journey.visit.form == nil && fixture.journey.visit.pages.isEmpty)
    }
}

extension JourneyFixture {
    mutating func effectsOfStaleTouch(revision: Int) {
        happen(.action(ScreenAction(revision: revision, action: "submit")))
    }
}
