import Foundation
import Peripherals
import Testing

@testable import Journey

@Suite("the ticket's paper, as its owner meets it")
struct TicketPaperTests {
    typealias Place = JourneyFixture.Place

    static let withoutProof: [Place] = [
        .transmitted, .transmittedAgain, .unproved, .unprovedPart, .wellAgain, .wellAgainPart,
    ]

    struct Offer: Sendable {
        var place: Place
        var actions: [String]
        var notice: String?
        var lead: String
    }

    static let offers = [
        Offer(
            place: .transmittedAgain, actions: ["void", "noted", "confirm"], notice: nil,
            lead: "ticket.cannot-tell.lead"),
        Offer(
            place: .unproved, actions: ["void", "confirm"], notice: "printer-trouble.paper-out",
            lead: "ticket.note-number"),
        Offer(
            place: .unprovedPart, actions: ["void", "confirm"], notice: "printer-trouble.paper-out",
            lead: "ticket.note-number-part"),
        Offer(
            place: .wellAgain, actions: ["void", "confirm", "reprint"], notice: "ticket.well-again",
            lead: "ticket.note-number"),
        Offer(
            place: .wellAgainPart, actions: ["void", "confirm", "reprint"], notice: "ticket.well-again-marked",
            lead: "ticket.note-number-part"),
    ]

    @Test("without proof the number stands big with its QR code, in plain words what is wrong, and what can be done")
    func offered() throws {
        for offer in Self.offers {
            let fixture = try JourneyFixture.at(offer.place)
            let screen = fixture.journey.screen
            #expect(screen.actions.map(\.id) == offer.actions, "\(offer.place)")
            #expect(screen.notice?.text == offer.notice.map { fixture.journey.text($0) }, "\(offer.place)")
            #expect(screen.lead == fixture.journey.text(offer.lead), "\(offer.place)")
            #expect(screen.ticket?.number == "A005" && screen.ticket?.qr == JourneyFixture.submitted.qr)
        }
    }

    @Test("each fault of the printer has its own words on the ticket's screen", arguments: PrinterCondition.allCases)
    func faults(_ condition: PrinterCondition) throws {
        guard !condition.isReady else { return }
        var fixture = try JourneyFixture.at(.printing)
        fixture.happen(.printEnded(.refused(condition)))
        #expect(fixture.journey.screen.notice?.text == fixture.journey.text("printer-trouble.\(condition.code)"))
        // The printer's trouble may change while the number stands there.
        fixture.happen(.devices([DeviceReport(PrinterCondition.coverOpen)]))
        #expect(fixture.journey.screen.notice?.text == fixture.journey.text("printer-trouble.cover-open"))
    }

    @Test("the owner's yes makes the number wait, the owner's no makes it void", arguments: withoutProof)
    func said(_ place: Place) throws {
        var confirming = try JourneyFixture.at(place)
        confirming.touch("confirm")
        #expect(confirming.takeEffects() == ["confirmTicket", "record"])
        var leaving = try JourneyFixture.at(place)
        leaving.touch("void")
        #expect(leaving.takeEffects() == ["voidTicket", "record"])
    }

    @Test("an owner who says nothing may have the number in the pocket: the staff settle it", arguments: withoutProof)
    func silent(_ place: Place) throws {
        var fixture = try JourneyFixture.at(place)
        fixture.wait(90)
        #expect(fixture.takeEffects() == ["leaveTicket", "record", "wipe"])
    }

    @Test("a printer that can't tell: the owner says yes, asks for one more paper, or notes the number")
    func cannotTell() throws {
        var fixture = try JourneyFixture.at(.transmitted)
        fixture.happen(.devices([DeviceReport(PrinterCondition.ready)]))
        #expect(fixture.journey.screen.actions.map(\.id) == ["void", "reprint", "confirm"])
        fixture.touch("reprint")
        #expect(fixture.takeEffects() == ["reprintTicket"])
        fixture.happen(.printEnded(.transmitted))
        fixture.touch("reprint")
        #expect(fixture.takeEffects().isEmpty, "only once")
        fixture.touch("noted")
        #expect(fixture.proofs == [.shownOnScreen])
    }

    @Test("a second paper is offered once, when the printer is well again, and never prints by itself")
    func once() throws {
        var fixture = try JourneyFixture.at(.wellAgain)
        fixture.wait(10)
        #expect(fixture.takeEffects().isEmpty)
        fixture.touch("reprint")
        #expect(fixture.takeEffects() == ["reprintTicket"])
        fixture.happen(.devices([DeviceReport(PrinterCondition.paperOut)]))
        fixture.happen(.printEnded(.failed(.paperOut)))
        fixture.happen(.devices([DeviceReport(PrinterCondition.ready)]))
        fixture.wait(5)
        #expect(fixture.journey.screen.actions.map(\.id) == ["void", "confirm"])
        fixture.touch("reprint")
        #expect(fixture.takeEffects().isEmpty)
    }

    @Test("a report of before the failure makes no offer")
    func staleReport() throws {
        var fixture = try JourneyFixture.at(.printing)
        fixture.happen(.devices([DeviceReport(PrinterCondition.ready)]))
        fixture.happen(.printEnded(.failed(.paperOut)))
        #expect(fixture.journey.screen.actions.map(\.id) == ["void", "confirm"])
        #expect(fixture.journey.screen.notice?.text == fixture.journey.text("printer-trouble.paper-out"))
    }

    @Test("a proof needs no word of anybody, in time or late", arguments: withoutProof)
    func proved(_ place: Place) throws {
        var fixture = try JourneyFixture.at(place)
        fixture.happen(.provedLate(UUID()))
        #expect(fixture.journey.screen.actions.map(\.id) != ["finish"], "that was another ticket")
        fixture.happen(.provedLate(JourneyFixture.key))
        #expect(fixture.journey.screen.lead == fixture.journey.text("ticket.take"))
        fixture.wait(120)
        #expect(!fixture.takeEffects().contains { ["voidTicket", "leaveTicket", "confirmTicket"].contains($0) })
    }

    // MARK: - After a restart

    @Test("after a restart: the number, its class, nothing of the person; in the ticket's own language")
    func recovery() throws {
        for (place, label) in [(Place.recovery, "ticket.print"), (.recoveryPart, "ticket.print-again")] {
            let fixture = try JourneyFixture.at(place)
            let screen = fixture.journey.screen
            #expect(screen.language == "en" && screen.title.contains("A005"))
            #expect(screen.ticket?.qr == nil && screen.ticket?.procedure == nil && screen.blocks.count == 1)
            #expect(screen.actions.map(\.id) == ["notMine", "reprint", "confirm"])
            #expect(screen.actions[1].label == fixture.journey.text(label))
        }
    }

    @Test("the person who stands there has the number, or prints it once")
    func recoveredOwner() throws {
        var holding = try JourneyFixture.at(.recoveryPart)
        holding.touch("confirm")
        #expect(holding.proofs == [.shownOnScreen])
        #expect(holding.journey.screen.id == "thanks")

        var printing = try JourneyFixture.at(.recoveryPart)
        printing.touch("reprint")
        #expect(printing.takeEffects() == ["reprintTicket"])
        printing.happen(.printEnded(.printed))
        #expect(printing.journey.screen.lead == printing.journey.text("ticket.take"))
        printing.touch("finish")
        printing.touch("finish")
        #expect(printing.journey.screen.id == "welcome" && printing.journey.screen.language == "vi")
    }

    @Test("what nobody claims is the staff's, one after the other, newest first; then the kiosk welcomes as ever")
    func recoveredOfOthers() throws {
        var fixture = try JourneyFixture()
        let tickets = ["A009", "A005"].map { JourneyFixture.recovered($0, ticket: UUID()) }
        fixture.happen(.recovered(tickets))
        #expect(fixture.journey.screen.title.contains("A009"))
        fixture.touch("notMine")
        #expect(fixture.journey.screen.title.contains("A005"))
        fixture.wait(119)
        #expect(fixture.journey.screen.id == "recovery")
        fixture.wait(2)
        #expect(fixture.takeEffects() == ["leaveTicket", "wipe", "leaveTicket", "wipe"])
        #expect(fixture.journey.screen.id == "welcome" && fixture.journey.screen.language == "vi")
    }

    @Test("a second paper that was offered before the restart, or that no printer could print, is not offered")
    func noSecondOffer() throws {
        var offered = try JourneyFixture()
        offered.happen(.devices([DeviceReport(PrinterCondition.ready)]))
        offered.happen(.recovered([JourneyFixture.recovered(hadOffer: true)]))
        #expect(offered.journey.screen.actions.map(\.id) == ["notMine", "confirm"])
        offered.touch("reprint")
        #expect(offered.takeEffects().isEmpty)

        var broken = try JourneyFixture()
        broken.happen(.devices([DeviceReport(PrinterCondition.coverOpen)]))
        broken.happen(.recovered([JourneyFixture.recovered()]))
        #expect(broken.journey.screen.actions.map(\.id) == ["notMine", "confirm"])
        #expect(broken.journey.screen.notice?.text == broken.journey.text("printer-trouble.cover-open"))
    }
}

extension JourneyFixture {
    /// By what the journey confirmed tickets.
    var proofs: [PaperProof] {
        effects.compactMap { if case .confirmTicket(_, let proof) = $0 { proof } else { nil } }
    }
}

extension Screen {
    var ticket: Block.Ticket? {
        for case .ticket(let ticket) in blocks { return ticket }
        return nil
    }
}
