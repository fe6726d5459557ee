import Foundation
import Journey
import Simulator
import Testing

/// A person at the touchscreen: sees screens, touches what is on them.
struct Applicant: Sendable {
    let kiosk: WholeKiosk
    private var touchscreen: any Touchscreen { kiosk.session }

    init(kiosk: WholeKiosk) { self.kiosk = kiosk }

    /// The screen of now.
    func screen() async throws -> Screen { try await see("a screen") { _ in true } }

    /// The first screen for which the condition holds, from now on.
    @discardableResult
    func see(
        _ what: String, within limit: Duration = .seconds(20), _ condition: @escaping @Sendable (Screen) -> Bool
    ) async throws -> Screen {
        let screens = await touchscreen.screens()
        return try await within(limit, what) {
            for await screen in screens where condition(screen) { return screen }
            throw CancellationError()
        }
    }

    @discardableResult
    func see(screen id: String) async throws -> Screen { try await see("the screen \(id)") { $0.id == id } }

    @discardableResult
    func touch(_ action: String, _ value: String? = nil, values: [String: String]? = nil) async throws -> Screen {
        let revision = try await screen().revision
        return await touchscreen.perform(
            ScreenAction(revision: revision, action: action, value: value, values: values))
    }

    // MARK: - The way through the kiosk

    /// From the welcome screen to the identification.
    func begin(_ language: String = "vi", need: String = "1.001193") async throws {
        try await see(screen: "welcome")
        try await touch("language", language)
        // A device's notice may change the screen under the finger: that touch does nothing, and people touch again.
        try await eventually("the way is chosen") { try await touch("need", need).id == "identify" }
    }

    /// Shows the QR code and lays the card down.
    func showCard(_ citizen: SyntheticCitizen = .nguyenVanA) async throws {
        try await kiosk.simulate("qr", "show", citizen.id)
        try await kiosk.simulate("card", "insert", citizen.id)
    }

    func identify(_ citizen: SyntheticCitizen = .nguyenVanA) async throws {
        try await showCard(citizen)
        let shown = try await see("the card to be read") { $0.offers("next") || $0.offers("retry") }
        #expect(shown.offers("next"), "\(shown.notice?.text ?? "no notice")")
        try await touch("next")
    }

    /// A ticket without a procedure, from the welcome screen to the ticket on its way.
    func takeTicket(_ language: String = "vi") async throws {
        try await begin(language, need: "ticket")
        try await touch("skip")
        try await touch("next", values: ["priority": ""])
    }

    /// With a card through the whole form to the papers.
    func declare(_ language: String = "vi") async throws {
        try await begin(language)
        try await identify()
        try await touch("next", values: ["priority": ""])
        try await touch("next")
        try await fillForm()
        try await see(screen: "scan")
    }

    /// Everything up to the check of the answers, with scanned papers.
    func declareAndScan(_ language: String = "vi") async throws {
        try await declare(language)
        let shown = try await scan()
        #expect(shown.pages("birth-certificate") > 0, "\(shown.notice?.text ?? "no notice")")
        #expect(try await touch("next").id == "review")
    }

    /// Scans the hospital's certificate, and keeps every page that something is said about.
    /// - Returns: the screen when the scan has ended, well or not.
    func scan() async throws -> Screen {
        try await touch("scan", "birth-certificate")
        while true {
            let shown = try await see("the scan to end") { screen in
                screen.id == "scan-finding" || (screen.id == "scan" && screen.offers("next") && screen.isSettled)
            }
            guard shown.id == "scan-finding" else { return shown }
            try await touch("keep")
        }
    }

    func submit() async throws {
        try await touch("submit")
    }

    /// Answers what is asked, page by page, until the form ends.
    func fillForm() async throws {
        for _ in 0..<60 {
            var shown = try await screen()
            guard shown.id == "form" else { return }
            var answered: [String: String] = [:]
            // An answer can bring further questions on the same page.
            while true {
                let fresh = shown.questions.filter { !$0.readOnly && answered[$0.name] == nil }
                let answers = Dictionary(
                    fresh.compactMap { field in Self.answer(to: field).map { (field.name, $0) } },
                    uniquingKeysWith: { $1 })
                guard !answers.isEmpty else { break }
                answered.merge(answers) { $1 }
                shown = try await touch("answer", values: answers)
            }
            let after = try await touch("next", values: answered)
            let refused = after.questions.compactMap { field in field.error.map { "\(field.name): \($0)" } }
            try #require(after.id != "form" || after.notice == nil, "the form refuses \(refused)")
        }
    }

    private static let answers = [
        "relation": "father", "child_name": "Nguyễn Thị Bình An", "child_sex": "female",
        "place_of_birth": "Bệnh viện Đa khoa tỉnh Gia Lai, phường Pleiku, tỉnh Gia Lai", "child_ethnicity": "kinh",
        "home_town": "Xã Ba, tỉnh Gia Lai", "mother_name": "Trần Thị Cẩm Tú", "mother_number": "052192001234",
        "mother_year": "1992", "mother_ethnicity": "kinh", "mother_residence": "Xã Ba, tỉnh Gia Lai",
        "father_known": "yes", "proof_kind": "hospital", "copies": "2",
    ]

    private static func answer(to field: Block.Field) -> String? {
        guard field.control != .note else { return nil }
        let name = field.name.split(separator: "/").last.map(String.init) ?? ""
        if name == "date_of_birth" {
            return Date.now.addingTimeInterval(-7 * 86_400).formatted(.iso8601.year().month().day())
        }
        return answers[name] ?? (field.control == .selectMultiple ? field.options.first?.value : nil)
    }
}

extension Screen {
    func offers(_ action: String) -> Bool { actions.contains { $0.id == action && $0.enabled } }

    var questions: [Block.Field] {
        blocks.compactMap { if case .field(let field) = $0 { field } else { nil } }
    }

    var ticket: Block.Ticket? {
        for case .ticket(let ticket) in blocks { return ticket }
        return nil
    }

    /// How many pages of a component are on the screen.
    func pages(_ component: String) -> Int {
        for case .scans(let scans) in blocks where scans.component == component { return scans.pages.count }
        return 0
    }

    /// Whether nothing is being done to a page any more.
    var isSettled: Bool {
        blocks.allSatisfy { block in
            if case .scans(let scans) = block { scans.pages.allSatisfy { $0.state != .preparing } } else { true }
        }
    }

    /// The picture that shows what to do.
    var illustration: String? {
        for case .illustration(let illustration) in blocks { return illustration.name }
        return nil
    }
}
