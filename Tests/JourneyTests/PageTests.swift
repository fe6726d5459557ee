import Foundation
import Peripherals
import Procedures
import Testing

@testable import Journey

@Suite("the pages of a paper")
struct PageTests {
    static let paper = "birth-certificate"

    private func order(_ fixture: JourneyFixture, _ component: String = paper) -> [String] {
        fixture.journey.visit.pages[component]?.map(\.id) ?? []
    }

    private func card(_ fixture: JourneyFixture, _ component: String = paper) throws -> Block.Scans {
        let cards = fixture.journey.screen.blocks.compactMap { if case .scans(let scans) = $0 { scans } else { nil } }
        return try #require(cards.first { $0.component == component })
    }

    // MARK: - Prepared

    @Test("a page is shown as being made ready until its prepared picture is there, and the order is the scanner's")
    func order() throws {
        var fixture = try JourneyFixture.at(.scanning)
        for id in ["p1", "p2", "p3"] { fixture.arrive(id, in: Self.paper) }
        #expect(fixture.takeEffects() == ["preparePage", "preparePage", "preparePage"])
        fixture.prepare("p3")
        fixture.prepare("p1")
        #expect(try card(fixture).pages.map(\.id) == ["p1", "p2", "p3"])
        #expect(try card(fixture).pages.map(\.state) == [.ready, .preparing, .ready])
        fixture.happen(.pageNotPrepared(id: "p2"))
        #expect(try card(fixture).pages.map(\.state) == [.ready, .ready, .ready])
        let pictures = fixture.journey.visit.pages[Self.paper]?.map { $0.picture.file.lastPathComponent }
        #expect(pictures == ["p1-prepared.jpg", "p2.jpg", "p3-prepared.jpg"], "a page that failed stays as scanned")
    }

    @Test("going on waits for pages that are still being prepared, goes on by itself, and need not wait")
    func waiting() throws {
        var fixture = try JourneyFixture.at(.preparing)
        #expect(fixture.journey.screen.id == "scan-preparing")
        fixture.prepare("p1")
        #expect(fixture.journey.screen.id == "review")

        var found = try JourneyFixture.at(.preparing)
        found.prepare("p1", findings: [.blurred])
        #expect(found.journey.screen.id == "scan-finding", "what is wrong is asked first")
        found.touch("keep")
        #expect(found.journey.screen.id == "review")

        var impatient = try JourneyFixture.at(.preparing)
        impatient.touch("skip")
        #expect(impatient.journey.screen.id == "review")
        impatient.prepare("p1")
        #expect(impatient.journey.visit.pages[Self.paper]?.first?.isPrepared == true, "it is taken all the same")
        #expect(impatient.journey.screen.id == "review")
    }

    @Test("a page that arrives when its scan was given up is thrown away")
    func lateForItsScan() throws {
        var fixture = try JourneyFixture.at(.scanning)
        let batch = fixture.journey.visit.batches
        fixture.touch("cancelScan")
        fixture.touch("scan", Self.paper)
        _ = fixture.takeEffects()
        fixture.happen(.pageScanned(component: Self.paper, JourneyFixture.page("late", batch: batch)))
        fixture.happen(.scanEnded(batch: batch))
        #expect(fixture.takeEffects() == ["deletePage"])
        #expect(fixture.journey.screen.actions.map(\.id) == ["cancelScan"], "the new scan goes on")
    }

    // MARK: - Blank pages

    @Test("blank back sides are left out by themselves, with a line that says so")
    func blankBackSides() throws {
        var fixture = try JourneyFixture.at(.scan)
        fixture.scan(Self.paper, ["p1", "b1", "p2", "b2"], findings: ["b1": [.empty], "b2": [.empty]])
        #expect(order(fixture) == ["p1", "p2"])
        #expect(fixture.journey.screen.id == "scan")
        #expect(try card(fixture).note?.contains("2") == true)
        #expect(fixture.effects.count { if case .deletePage = $0 { true } else { false } } == 2)
        fixture.scan(Self.paper, ["p3"])
        #expect(try card(fixture).note == nil, "it was said of the scan before")
    }

    @Test("a blank page that was prepared before the others waits until it is known whether it is alone")
    func blankFirst() throws {
        var fixture = try JourneyFixture.at(.scanning)
        fixture.arrive("b1", in: Self.paper)
        fixture.arrive("p1", in: Self.paper)
        fixture.prepare("b1", findings: [.empty])
        #expect(order(fixture) == ["b1", "p1"])
        fixture.prepare("p1")
        #expect(order(fixture) == ["p1"])
    }

    @Test("nothing but blank pages: one question for all of them, and both answers count for all", arguments: [1, 3])
    func allBlank(_ count: Int) throws {
        let ids = (1...count).map { "b\($0)" }
        let findings = Dictionary(uniqueKeysWithValues: ids.map { ($0, [PageFinding.empty]) })
        var fixture = try JourneyFixture.at(.scan)
        fixture.scan(Self.paper, ids, findings: findings)
        #expect(fixture.journey.screen.id == "scan-finding")
        #expect(fixture.journey.screen.notice?.text.contains("ngược") == true)
        #expect(!fixture.takeEffects().contains("recognisePage"))

        var kept = fixture
        kept.touch("keep")
        #expect(kept.journey.screen.id == "scan" && order(kept) == ids)

        fixture.touch("retake")
        fixture.touch("scan")
        fixture.pages(["p1"], in: Self.paper)
        #expect(order(fixture) == ["p1"])
    }

    @Test("a blank page of another scan is not a back side")
    func blankAlone() throws {
        var fixture = try JourneyFixture.at(.scan)
        fixture.scan(Self.paper, ["p1"])
        fixture.scan(Self.paper, ["b1"], findings: ["b1": [.empty]])
        #expect(order(fixture) == ["p1", "b1"])
        #expect(fixture.journey.screen.id == "scan-finding")
    }

    // MARK: - Findings

    @Test("every finding is asked with its reason in every language", arguments: PageFinding.allCases)
    func reasons(_ finding: PageFinding) throws {
        for language in ["vi", "en"] {
            var fixture = try JourneyFixture.at(.scan)
            fixture.touch("setLanguage", language)
            fixture.scan(Self.paper, ["p1"], findings: ["p1": [finding]])
            let screen = fixture.journey.screen
            #expect(screen.id == "scan-finding")
            #expect(Set(screen.actions.map(\.id)).isSuperset(of: ["keep", "retake"]))
            let reason = try #require(screen.notice?.text)
            #expect(!reason.contains("{") && !reason.contains("scan.finding"), "\(reason)")
        }
    }

    @Test("questions come one at a time in the pages' order; what is kept is remembered, and never asked again")
    func inTurn() throws {
        var fixture = try JourneyFixture.at(.scan)
        fixture.scan(
            Self.paper, ["p1", "p2", "p3"], findings: ["p1": [.blurred, .tooDark], "p3": [.cutOff]])
        #expect(fixture.journey.screen.title.hasSuffix("1/3"))
        fixture.touch("keep")
        #expect(fixture.journey.screen.title.hasSuffix("3/3"))
        fixture.touch("keep")
        #expect(fixture.journey.screen.id == "scan")
        #expect(
            fixture.journey.visit.pages[Self.paper]?.map(\.keptFindings) == [[.blurred, .tooDark], [], [.cutOff]])
        fixture.touch("next")
        #expect(fixture.journey.screen.id == "review")
    }

    @Test("a question can be put off: the page stays marked, and going on asks first")
    func putOff() throws {
        var fixture = try JourneyFixture.at(.finding)
        fixture.touch("back")
        #expect(fixture.journey.screen.id == "scan")
        #expect(try card(fixture).pages.map(\.state) == [.doubtful])
        #expect(try card(fixture).pages.first?.mark?.isEmpty == false)
        var touched = fixture
        touched.touch("openPage", "p1")
        #expect(touched.journey.screen.id == "scan-finding")
        touched.touch("keep")
        #expect(touched.journey.screen.id == "scan")

        fixture.touch("next")
        #expect(fixture.journey.screen.id == "scan-finding")
        fixture.touch("keep")
        #expect(fixture.journey.screen.id == "review")
    }

    @Test("scanning again puts exactly the new page at the old one's place")
    func retake() throws {
        var fixture = try JourneyFixture.at(.scan)
        fixture.scan(Self.paper, ["p1", "p2", "p3"], findings: ["p2": [.blurred]])
        fixture.touch("retake")
        #expect(fixture.journey.screen.id == "scan-retake", "the paper has to be laid in first")
        fixture.touch("scan")
        #expect(order(fixture) == ["p1", "p2", "p3"], "nothing is lost before the new page is there")
        _ = fixture.takeEffects()
        fixture.pages(["n1"], in: Self.paper)
        #expect(order(fixture) == ["p1", "n1", "p3"])
        #expect(fixture.takeEffects() == ["deletePage", "preparePage", "recognisePage"])
        #expect(fixture.journey.screen.id == "scan")
    }

    @Test("a stack laid in for one page takes that page's place in the stack's order")
    func retakeStack() throws {
        var fixture = try JourneyFixture.at(.scan)
        fixture.scan(Self.paper, ["p1", "p2"], findings: ["p1": [.doubleFeed]])
        fixture.touch("retake")
        fixture.touch("scan")
        fixture.pages(["n1", "n2"], in: Self.paper)
        #expect(order(fixture) == ["n1", "n2", "p2"])
    }

    @Test("a retake that brings nothing leaves the page, and can be tried again")
    func failedRetake() throws {
        var fixture = try JourneyFixture.at(.retake)
        fixture.touch("scan")
        fixture.happen(.scanFailed(.device(.feederEmpty), batch: fixture.journey.visit.batches))
        #expect(fixture.journey.screen.id == "scan-retake")
        #expect(fixture.journey.screen.notice?.kind == .error)
        #expect(order(fixture) == ["p1"])
        fixture.touch("scan")
        fixture.touch("cancelScan")
        #expect(order(fixture) == ["p1"])
        #expect(fixture.journey.screen.id == "scan-finding")
    }

    @Test("an identity card is a finding, but not where an identity card is asked for")
    func identityCard() throws {
        var fixture = try JourneyFixture.at(.scan)
        fixture.scan(Self.paper, ["p1"], findings: ["p1": [.identityCard]])
        #expect(fixture.journey.screen.notice?.text.contains("căn cước") == true)

        var asked = try JourneyFixture.at(.scan)
        try asked.changeComponent(Self.paper) { $0.words = try #require(PaperWords(["căn cước công dân"])) }
        asked.scan(Self.paper, ["p1"], findings: ["p1": [.identityCard]])
        #expect(asked.journey.screen.id == "scan")
    }

    // MARK: - Looking at a page

    @Test("pages are moved by buttons, and the ends are the ends")
    func move() throws {
        var fixture = try JourneyFixture.at(.scan)
        fixture.scan(Self.paper, ["p1", "p2", "p3"])
        fixture.touch("openPage", "p1")
        func enabled() -> [String] {
            fixture.journey.screen.blocks.flatMap { block -> [String] in
                if case .page(let page) = block { page.deeds.filter(\.enabled).map(\.id) } else { [] }
            }
        }
        #expect(enabled() == ["later", "retake", "removePage"])
        fixture.touch("earlier")
        #expect(order(fixture) == ["p1", "p2", "p3"])
        fixture.touch("later")
        fixture.touch("later")
        #expect(order(fixture) == ["p2", "p3", "p1"])
        #expect(enabled() == ["earlier", "retake", "removePage"])
        #expect(fixture.journey.screen.lead?.contains("3/3") == true)
        fixture.touch("next")
        #expect(try card(fixture).pages.map(\.id) == ["p2", "p3", "p1"])
    }

    @Test("a page that is taken away is gone with its files, and its text is not waited for")
    func remove() throws {
        var fixture = try JourneyFixture.at(.page)
        fixture.touch("removePage")
        #expect(order(fixture) == ["p2"])
        #expect(fixture.journey.screen.notice?.text.contains("1") == true)
        #expect(fixture.takeEffects().last == "deletePage")
        fixture.recognise("p1", "")
        #expect(order(fixture) == ["p2"])
    }

    // MARK: - Wrong papers

    private static let marriage =
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM Độc lập Tự do Hạnh phúc GIẤY CHỨNG NHẬN KẾT HÔN họ tên chồng họ tên vợ "
        + "ngày tháng năm sinh dân tộc quốc tịch nơi cư trú giấy tờ tùy thân nơi đăng ký"

    @Test("another paper is asked about, once, whenever its text was read")
    func wrongPaper() throws {
        var fixture = try JourneyFixture.at(.scan)
        fixture.scan(Self.paper, ["p1"])
        fixture.recognise("p1", Self.marriage)
        #expect(fixture.journey.screen.id == "scan-finding")
        #expect(fixture.journey.screen.notice?.text.contains("Giấy chứng sinh") == true)
        var again = fixture
        again.touch("retake")
        let shown = again.journey.screen
        #expect(shown.lead?.contains("Giấy chứng sinh") == true, "the right paper is asked for")
        #expect(!shown.blocks.contains { if case .page = $0 { true } else { false } }, "the wrong one is not shown")
        fixture.touch("keep")
        #expect(fixture.journey.visit.pages[Self.paper]?.first?.keptFindings == [.wrongPaper])
        #expect(fixture.journey.visit.pages[Self.paper]?.first?.layer != nil)
        fixture.recognise("p1", Self.marriage)
        #expect(fixture.journey.screen.id == "scan")
    }

    @Test("it is asked before anything is submitted, and interrupts nobody who reads the answers")
    func wrongPaperAtReview() throws {
        var fixture = try JourneyFixture.at(.review)
        fixture.recognise("p1", Self.marriage)
        #expect(fixture.journey.screen.id == "review")
        fixture.touch("submit")
        #expect(fixture.journey.screen.id == "scan-finding")
        fixture.touch("keep")
        #expect(fixture.journey.screen.id == "review")
        fixture.touch("submit")
        #expect(fixture.journey.screen.id == "submitting")
    }

    @Test(
        "nobody is accused: another page fits, is not read yet, or was read badly", arguments: ["fits", "", "smudge"])
    func innocent(_ second: String) throws {
        var fixture = try JourneyFixture.at(.scan)
        fixture.scan(Self.paper, ["p1", "p2"])
        fixture.recognise("p1", Self.marriage)
        switch second {
        case "fits": fixture.recognise("p2", "GIAY CHUNG S1NH")
        case "smudge": fixture.recognise("p2", Self.marriage, confidence: 30)
        default: break
        }
        #expect(fixture.journey.screen.id == "scan")
    }

    @Test("a doubt that a later page settles is taken back")
    func takenBack() throws {
        var fixture = try JourneyFixture.at(.scan)
        fixture.scan(Self.paper, ["p1"])
        fixture.recognise("p1", Self.marriage)
        fixture.touch("back")
        fixture.scan(Self.paper, ["p2"])
        fixture.recognise("p2", "Giấy chứng sinh")
        #expect(try card(fixture).pages.map(\.state) == [.ready, .ready])
    }

    // MARK: - What is handed over

    @Test("what is submitted: prepared pictures, layers that are there, codes without those of cards, kept findings")
    func submission() throws {
        var fixture = try JourneyFixture.at(.scanning)
        for id in ["p1", "p2"] { fixture.arrive(id, in: Self.paper) }
        fixture.happen(.scanEnded(batch: fixture.journey.visit.batches))
        let plain = PageCode(symbology: "QR-Code", text: "GCS-52-0001")
        fixture.prepare(
            "p1", findings: [.glare], codes: [plain, PageCode(symbology: "QR-Code", text: JourneyFixture.citizenQR)])
        fixture.prepare("p2")
        fixture.touch("keep")
        fixture.recognise("p2", "Giấy chứng sinh")
        fixture.touch("next")
        fixture.touch("submit")
        let submissions = fixture.effects.compactMap { effect -> Submission? in
            if case .submit(let submission) = effect { submission } else { nil }
        }
        let pages = try #require(submissions.first?.pages[Self.paper])
        #expect(pages.map { $0.picture.file.lastPathComponent } == ["p1-prepared.jpg", "p2-prepared.jpg"])
        #expect(pages.map(\.layer?.lastPathComponent) == [nil, "p2.pdf"])
        #expect(pages.map(\.codes) == [[plain], []])
        #expect(pages.map(\.keptFindings) == [[.glare], []])
    }

    // MARK: - Papers that are only shown

    @Test("papers that are only shown are listed, and nobody is asked to scan them")
    func shown() throws {
        var fixture = try JourneyFixture.at(.scan)
        let listed = fixture.journey.screen.blocks.flatMap { block -> [String] in
            if case .papers(let papers) = block { papers.items.map(\.label) } else { [] }
        }
        #expect(listed == ["Giấy chứng nhận kết hôn của cha mẹ", "Thẻ căn cước của người yêu cầu"])
        fixture.scan(Self.paper, ["p1"])
        fixture.touch("next")
        let rows = fixture.journey.screen.blocks.flatMap { block -> [Block.Summary.Row] in
            if case .summary(let summary) = block { summary.rows } else { [] }
        }
        let card = try #require(rows.first { $0.label == "Thẻ căn cước của người yêu cầu" })
        #expect(card.value == "Xuất trình tại quầy" && card.target == nil)
    }

    @Test("a paper that is only shown is asked for where its file says scan, and stays one that is shown")
    func shownAndScanned() throws {
        var fixture = try JourneyFixture.at(.scan)
        try fixture.changeComponent("marriage-certificate") { $0.scan = true }
        fixture.scan(Self.paper, ["p1"])
        fixture.scan("marriage-certificate", ["m1"])
        fixture.touch("next")
        let rows = fixture.journey.screen.blocks.flatMap { block -> [Block.Summary.Row] in
            if case .summary(let summary) = block { summary.rows } else { [] }
        }
        let row = try #require(rows.first { $0.label == "Giấy chứng nhận kết hôn của cha mẹ" })
        #expect(row.value.contains("Đã quét 1 trang") && row.value.contains("Chỉ xuất trình"))
    }
}

extension JourneyFixture {
    /// As if the procedure's file said so.
    mutating func changeComponent(_ id: String, _ change: (inout DossierComponent) throws -> Void) throws {
        var chosen = try #require(journey.chosenProcedure)
        let index = try #require(chosen.version.components.firstIndex { $0.id == id })
        try change(&chosen.version.components[index])
        journey.visit.need = .procedure(chosen)
    }
}
