import KioskConfiguration
import Peripherals
import Testing

@testable import Journey

@Suite("What a card must prove")
struct IdentityPolicyTests {
    private func fixture(_ place: JourneyFixture.Place, _ policy: IdentityPolicy) throws -> JourneyFixture {
        var fixture = try JourneyFixture(identity: policy)
        try fixture.go(to: place)
        _ = fixture.takeEffects()
        return fixture
    }

    private func result(without kinds: CardVerdicts.Kind..., verdict: CardVerdict = .failed("altered"))
        -> CardReadResult
    {
        var result = JourneyFixture.cardResult
        for kind in kinds { result.verdicts[kind] = verdict }
        return result
    }

    @Test(
        "a card that does not prove what the form needs is not used, and the applicant goes on without it",
        arguments: CardVerdicts.Kind.allCases, [CardVerdict.failed("altered"), .notReached("no authority")])
    func refused(_ kind: CardVerdicts.Kind, _ verdict: CardVerdict) throws {
        var fixture = try fixture(.reading, IdentityPolicy(needs: [.form: [kind]]))
        fixture.happen(.cardRead(result(without: kind, verdict: verdict)))
        #expect(fixture.journey.screen.notice?.kind == .error)
        #expect(fixture.journey.visit.card == nil)
        #expect(fixture.takeEffects() == ["cancelCardRead"])
        fixture.touch("skip")
        #expect(fixture.journey.screenID == "priority")
    }

    @Test("what the form does not need may be missing: the applicant goes on", arguments: CardVerdicts.Kind.allCases)
    func notNeeded(_ kind: CardVerdicts.Kind) throws {
        let others = Set(CardVerdicts.Kind.allCases).subtracting([kind])
        var fixture = try fixture(.reading, IdentityPolicy(needs: [.form: others]))
        fixture.happen(.cardRead(result(without: kind)))
        #expect(fixture.journey.visit.card?.citizen == JourneyFixture.cardResult.citizen)
    }

    @Test("a reading is told what must be proved first")
    func needsGoToTheReader() throws {
        var fixture = try fixture(.placeCard, IdentityPolicy(needs: [.form: [.hashes, .chip], .submission: [.trust]]))
        fixture.happen(.cardPresence(.present))
        guard case .readCard(_, let needs)? = fixture.effects.last else {
            Issue.record("no reading")
            return
        }
        #expect(needs == [.hashes, .chip])
    }

    @Test("the card may be taken away only when all of it was read, and the screen says so")
    func nearlyDone() throws {
        var fixture = try fixture(.reading, .standard)
        fixture.happen(.cardRead(JourneyFixture.cardResult))
        let early = fixture.journey.screen.lead
        fixture.happen(.cardFinished(JourneyFixture.cardResult))
        #expect(early?.isEmpty == false && fixture.journey.screen.lead != early)
    }

    @Test(
        "a photograph that was exchanged shows late: before the form the card is refused, afterwards the staff looks at it"
    )
    func lateVerdict() throws {
        var early = try fixture(.identified, .standard)
        early.happen(.cardFinished(result(without: .hashes)))
        #expect(early.journey.visit.card == nil && early.journey.screen.notice?.kind == .error)

        var late = try fixture(.form, .standard)
        late.happen(.cardFinished(result(without: .hashes)))
        #expect(late.journey.screenID == "form" && late.journey.isCardToBeShown)
    }

    @Test("another card's late verdict changes nothing")
    func otherCardsVerdict() throws {
        var fixture = try fixture(.form, .standard)
        let other = JourneyFixture.citizen(bornIn: 1970)
        var result = JourneyFixture.result(for: other)
        result.verdicts.hashes = .failed("altered")
        fixture.happen(.cardFinished(result))
        #expect(!fixture.journey.isCardToBeShown)
    }

    @Test("a submission says what was proved, and that the staff must look at a card that proved too little")
    func submission() throws {
        for (kinds, isToBeShown) in [([CardVerdicts.Kind](), false), ([.signature], true), ([.trust, .chip], false)] {
            var fixture = try fixture(.review, .standard)
            var result = JourneyFixture.cardResult
            for kind in kinds { result.verdicts[kind] = .notReached("the card left") }
            fixture.happen(.cardFinished(result))
            fixture.touch("submit")
            guard case .submit(let submission)? = fixture.effects.last else {
                Issue.record("no submission")
                continue
            }
            #expect(submission.isCardToBeShown == isToBeShown)
            #expect(submission.verdicts == result.verdicts)
        }
    }
}
