import Control
import Foundation
import Journey
import Peripherals
import Simulator
import Testing

@Suite("The card goes wrong", .timeLimit(.minutes(5)))
struct CardFaultTests {
    struct WrongCode: Sendable, CustomTestStringConvertible {
        var text: String
        var error: String
        var testDescription: String { error }
    }

    static let wrongCodes = [
        WrongCode(text: "https://example.vn/menu", error: "not-an-identity-card"),
        WrongCode(
            text: "GD4010012345678|4e677579e1bb856e2056c4836e2041|01/01/1990|1|5068c6b0e1bb9d6e672058",
            error: "health-insurance-card"),
    ]

    @Test(
        "a QR code of something else is named at once, with or without a card on the reader, and the right one goes on",
        arguments: wrongCodes, ["vi", "en"])
    func wrongQR(_ code: WrongCode, _ language: String) async throws {
        try await WholeKiosk.run { kiosk in
            let applicant = kiosk.applicant()
            try await applicant.begin(language)
            try await kiosk.simulate("qr", "show", code.text)
            let shown = try await applicant.see("what is wrong") { $0.notice?.kind == .error }
            #expect(shown.notice?.text == (try kiosk.text("card.error.\(code.error)", language)))
            #expect(shown.language == language)
            #expect(shown.offers("retry") && shown.offers("skip"))

            try await kiosk.simulate("card", "insert", "nguyen-van-a")
            try await kiosk.simulate("qr", "show", code.text + " ")
            try await kiosk.simulate("qr", "show", "nguyen-van-a")
            try await applicant.see("the card to be read") { $0.offers("next") }
        }
    }

    @Test("the QR code of another person's card is named, and the right one goes on", arguments: ["vi", "en"])
    func otherCard(_ language: String) async throws {
        try await WholeKiosk.run { kiosk in
            let applicant = kiosk.applicant()
            try await applicant.begin(language)
            try await kiosk.simulate("qr", "show", "ro-cham-lan")
            try await kiosk.simulate("card", "insert", "nguyen-van-a")
            let shown = try await applicant.see("what is wrong") { $0.notice?.kind == .error }
            let wrongKey = try kiosk.text("card.error.wrong-key", language)
            let otherCard = try kiosk.text("card.error.other-card", language)
            #expect([wrongKey, otherCard].contains(shown.notice?.text))

            try await applicant.touch("retry")
            try await kiosk.simulate("qr", "show", "nguyen-van-a")
            try await applicant.see("the card to be read") { $0.offers("next") }
        }
    }

    @Test("a technician's wrong CAN is refused with a remedy, and the right one opens the chip")
    func wrongCAN() async throws {
        try await WholeKiosk.run { kiosk in
            try await kiosk.simulate("card", "insert", "nguyen-van-a")
            let fault = await #expect(throws: ControlFault.self) {
                try await kiosk.ask(CardReadCommand(can: "000000"))
            }
            #expect(fault?.code == "wrong-key")
            #expect(fault?.remedy.contains("CAN") == true)
            let citizen = SyntheticCitizen.nguyenVanA
            let reply = try await kiosk.ask(CardReadCommand(can: String(citizen.number.suffix(6))))
            #expect(reply.holder.number == citizen.number)
            #expect(reply.verdicts.hashes.isPassed)
        }
    }

    @Test("a technician is told what else is wrong with a card")
    func technician() async throws {
        try await WholeKiosk.run { kiosk in
            let noCard = await #expect(throws: ControlFault.self) {
                try await kiosk.ask(CardReadCommand(can: "123456"))
            }
            #expect(noCard?.code == "no-card")
            let noQR = await #expect(throws: ControlFault.self) { try await kiosk.ask(CardReadCommand(qr: "hello")) }
            #expect(noQR?.code == "not-an-identity-card")
            try await kiosk.simulate("card", "insert", "nguyen-van-a")
            let other = await #expect(throws: ControlFault.self) {
                try await kiosk.ask(CardReadCommand(qr: SyntheticCitizen.roChamLan.qrText))
            }
            #expect(["wrong-key", "other-card"].contains(other?.code))
            for fault in [noCard, noQR, other] { #expect(fault?.remedy.isEmpty == false) }
        }
    }

    @Test(
        "a card pulled out half-way is asked back and read on without a new scan", arguments: [0, 3, 9], ["vi", "en"])
    func pulledOut(_ commands: Int, _ language: String) async throws {
        try await WholeKiosk.run { kiosk in
            let applicant = kiosk.applicant()
            try await applicant.begin(language)
            try await kiosk.simulate("card", "remove", "--after-apdu", String(commands))
            try await applicant.showCard()
            let shown = try await applicant.see("the card to be asked back") { $0.notice?.kind == .warning }
            #expect(shown.notice?.text == (try kiosk.text("card.error.removed", language)))
            #expect(shown.lead == (try kiosk.text("identify.put-back", language)))
            #expect(shown.illustration == "card-place")

            try await kiosk.simulate("card", "insert", "nguyen-van-a")
            try await applicant.see("the card to be read") { $0.offers("next") }
        }
    }

    @Test("a card taken away while its photograph is read costs the applicant nothing")
    func takenEarly() async throws {
        try await WholeKiosk.run { kiosk in
            let applicant = kiosk.applicant()
            try await applicant.begin("vi")
            // The three groups that the applicant waits for need fewer commands, all groups need more.
            try await kiosk.simulate("card", "remove", "--after-apdu", "15")
            try await applicant.showCard()
            let done = try kiosk.text("identify.done", "vi")
            let shown = try await applicant.see("that the card may be taken") { $0.lead == done }
            #expect(shown.offers("next") && shown.notice?.kind == .success)
            try await applicant.touch("next")
            try await applicant.see("the next step") { $0.id == "priority" }
        }
    }

    @Test("the reader pulled out in the middle of a read and put back: this person and the next have a working kiosk")
    func readerPulledOut() async throws {
        try await WholeKiosk.run { kiosk in
            let applicant = kiosk.applicant()
            try await applicant.begin()
            try await kiosk.simulate("reader", "silent")
            try await applicant.showCard()
            try await eventually("the read is under way") { await kiosk.simulator.reader.isHoldingBack }
            try await kiosk.simulate("unplug", "reader")
            let shown = try await applicant.see("what is wrong") { $0.notice?.kind == .error }
            let messages = try ["no-reader", "reader-fault"].map { try kiosk.text("card.error.\($0)", "vi") }
            #expect(messages.contains(shown.notice?.text ?? ""))
            #expect(shown.offers("skip"))

            try await kiosk.wait(for: "absent", of: .cardReader)
            let check = try await kiosk.doctor("card-reader")
            #expect(!check.ok && check.detail.contains("absent") && !check.remedy.isEmpty)

            try await kiosk.simulate("reader", "healthy")
            try await kiosk.simulate("plug", "reader")
            try await kiosk.wait(for: "ready", of: .cardReader)
            #expect(try await kiosk.doctor("card-reader").ok)
            try await applicant.touch("retry")
            try await kiosk.simulate("qr", "show", "nguyen-van-a")
            try await applicant.see("the card to be read") { $0.offers("next") }
            try await applicant.touch("cancel")
            try await applicant.touch("leave")

            // The next person.
            try await applicant.begin("en")
            try await applicant.identify(.phamVanTho)
            #expect(try await applicant.screen().id == "priority")
        }
    }

    @Test("a reader pulled out while a technician reads is said to be gone")
    func readerPulledOutOfTechnician() async throws {
        try await WholeKiosk.run { kiosk in
            try await kiosk.simulate("reader", "silent")
            try await kiosk.simulate("card", "insert", "nguyen-van-a")
            async let answer = kiosk.ask(CardReadCommand(can: "123456"))
            try await eventually("the read is under way") { await kiosk.simulator.reader.isHoldingBack }
            try await kiosk.simulate("unplug", "reader")
            do {
                _ = try await answer
                Issue.record("a reader that is gone read a card")
            } catch let fault as ControlFault {
                #expect(["no-reader", "reader-fault"].contains(fault.code))
                #expect(!fault.remedy.isEmpty)
            }
        }
    }

    @Test("a reader that falls silent in the middle of a read: a clear message, and the next read works")
    func silentReader() async throws {
        try await WholeKiosk.run { kiosk in
            let applicant = kiosk.applicant()
            try await applicant.begin()
            try await kiosk.simulate("reader", "silent")
            try await applicant.showCard()
            let shown = try await applicant.see("what is wrong", within: .seconds(90)) { $0.notice?.kind == .error }
            #expect(shown.id == "identify" && shown.offers("retry") && shown.offers("skip"))
            try await kiosk.simulate("reader", "healthy")
            try await kiosk.wait(for: "ready", of: .cardReader)
            try await applicant.touch("retry")
            try await kiosk.simulate("qr", "show", "nguyen-van-a")
            let next = try await applicant.see("the card to be read") { $0.offers("next") || $0.notice?.kind == .error }
            #expect(next.offers("next"), "\(next.notice?.text ?? "")")
        }
    }

    @Test("without a QR reader the screen says so, and the applicant can go on")
    func noQRReader() async throws {
        try await WholeKiosk.run { kiosk in
            let applicant = kiosk.applicant()
            try await applicant.begin("en")
            try await kiosk.simulate("unplug", "qr")
            let shown = try await applicant.see("what is wrong") { $0.notice != nil }
            #expect(shown.notice?.text == (try kiosk.text("device.barcode-reader.absent", "en")))
            #expect(shown.offers("skip"))
            try await kiosk.simulate("plug", "qr")
            try await applicant.see("all well again") { $0.id == "identify" && $0.notice == nil }
            try await applicant.identify()
        }
    }

    @Test("a technician who waits for a QR code never gets the card of the applicant who comes meanwhile")
    func technicianInTheWay() async throws {
        try await WholeKiosk.run { kiosk in
            let applicant = kiosk.applicant()
            async let answer = kiosk.ask(CardReadCommand())
            try await applicant.begin()
            try await applicant.identify()
            do {
                let reply = try await answer
                Issue.record("the technician got \(reply.holder.number)")
            } catch let fault as ControlFault {
                #expect(fault.code == "kiosk-in-use")
            }
        }
    }
}
