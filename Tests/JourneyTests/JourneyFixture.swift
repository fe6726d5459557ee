import Forms
import Foundation
import KioskConfiguration
import Peripherals
import Procedures
import Testing

@testable import Journey

/// The journey of the shipped configuration at a fixed moment, with helpers that act as a person does.
struct JourneyFixture {
    static let configuration = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "kiosk-config")
    /// 2026-11-24 in Viet Nam.
    static let now = Date(timeIntervalSince1970: 1_795_500_000)
    static let key = UUID(uuid: (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16))

    /// What the kiosk's own files say, read once for all tests.
    private static let files = Result {
        (
            catalogue: try ProcedureCatalogue.load(directory: configuration.appending(path: "procedures")),
            form: try FormDefinition(contentsOf: configuration.appending(path: "forms/1.001193.xml")),
            locales: try Locales.load(directory: configuration.appending(path: "locales"), languages: ["vi", "en"])
        )
    }

    static func context(_ identity: IdentityPolicy = .standard) throws -> JourneyContext {
        let files = try files.get()
        return JourneyContext(
            hallName: LocalizedText(["vi": "Bộ phận Một cửa", "en": "One-stop hall"]),
            locales: files.locales, catalogue: files.catalogue, forms: ["1.001193": files.form],
            priorityClasses: [
                PriorityClass(
                    id: "elderly", label: LocalizedText(["vi": "Người cao tuổi", "en": "Elderly"]), icon: "elderly",
                    minimumAge: 60),
                PriorityClass(id: "pregnant", label: LocalizedText(["vi": "Phụ nữ mang thai", "en": "Pregnant"])),
            ],
            identity: identity, timeZone: TimeZone(identifier: "Asia/Ho_Chi_Minh") ?? .gmt,
            clock: { now }, problemWithQR: { $0.contains("|") ? nil : .notAnIdentityCardQR })
    }

    var journey: Journey
    /// Seconds since the kiosk was switched on.
    var seconds = 0.0
    /// Everything the journey asked for since the last `takeEffects`.
    private(set) var effects: [JourneyEffect] = []

    init(identity: IdentityPolicy = .standard) throws {
        journey = Journey(context: try Self.context(identity), key: { Self.key })
    }

    mutating func happen(_ event: JourneyEvent) {
        effects += journey.handle(event, at: .seconds(seconds))
    }

    mutating func touch(_ action: String, _ value: String? = nil, values: [String: String]? = nil) {
        happen(.action(ScreenAction(revision: journey.revision, action: action, value: value, values: values)))
    }

    mutating func wait(_ duration: Double) {
        for _ in 0..<Int(duration) {
            seconds += 1
            happen(.tick)
        }
    }

    mutating func takeEffects() -> [String] {
        defer { effects = [] }
        return effects.map { effect in
            // The case's name is enough to say what was asked for.
            String("\(effect)".prefix { $0 != "(" })
        }
    }

    // MARK: - The way to each screen

    /// One place of the journey, reached as a person reaches it.
    enum Place: String, CaseIterable, CustomTestStringConvertible {
        case welcome, need, identify, placeCard, reading, putBack, failed, identified, priority, advice, form, scan
        case scanning, review, submitting, printing, printed, lookUp, searching, found, thanks, ended
        /// The printer can't confirm; asked once, and again after a second paper.
        case transmitted, transmittedAgain
        /// Refused, so that there is no paper; failed, so that there may be some; and the printer well again after each.
        case unproved, unprovedPart, wellAgain, wellAgainPart
        /// A page is asked about, looked at, to be scanned again; the applicant went on while one was being prepared.
        case finding, page, retake, preparing
        /// A restart left a ticket without any paper, or perhaps with one.
        case recovery, recoveryPart

        var testDescription: String { rawValue }
    }

    static func at(_ place: Place) throws -> JourneyFixture {
        var fixture = try JourneyFixture()
        try fixture.go(to: place)
        fixture.effects = []
        return fixture
    }

    mutating func go(to place: Place) throws {
        switch place {
        case .welcome: break
        case .need: touch("language", "vi")
        case .identify:
            try go(to: .need)
            touch("need", "1.001193")
        case .placeCard:
            try go(to: .identify)
            happen(.qrScanned(Self.citizenQR))
        case .reading:
            try go(to: .placeCard)
            happen(.cardPresence(.present))
        case .putBack:
            try go(to: .reading)
            happen(.cardPresence(.absent))
            happen(.cardFailed(.removed))
        case .ended:
            try go(to: .reading)
            happen(.cardFailed(.otherCard))
        case .failed:
            try go(to: .reading)
            happen(.cardFailed(.wrongKey))
        case .identified:
            try go(to: .reading)
            happen(.cardRead(Self.cardResult))
        case .priority:
            try go(to: .identified)
            touch("next")
        case .advice:
            try go(to: .priority)
            touch("next", values: ["priority": ""])
        case .form:
            try go(to: .advice)
            touch("next")
        case .scan:
            if journey.stage == .welcome, journey.context.identity == .standard {
                self = try Self.declared.get()
            } else {
                try go(to: .form)
                fillForm()
            }
        case .scanning:
            try go(to: .scan)
            touch("scan", "birth-certificate")
        case .review:
            try go(to: .scan)
            scan("birth-certificate", ["p1"])
            touch("next")
        case .finding:
            try go(to: .scan)
            scan("birth-certificate", ["p1"], findings: ["p1": [.blurred]])
        case .page:
            try go(to: .scan)
            scan("birth-certificate", ["p1", "p2"])
            touch("openPage", "p1")
        case .retake:
            try go(to: .finding)
            touch("retake")
        case .preparing:
            try go(to: .scanning)
            arrive("p1", in: "birth-certificate")
            happen(.scanEnded(batch: journey.visit.batches))
            touch("next")
        case .submitting:
            try go(to: .review)
            touch("submit")
        case .printing:
            try go(to: .submitting)
            happen(.submitted(Self.submitted))
        case .printed:
            try go(to: .printing)
            happen(.printEnded(.printed))
        case .transmitted:
            try go(to: .printing)
            happen(.printEnded(.transmitted))
        case .transmittedAgain:
            try go(to: .transmitted)
            happen(.devices([DeviceReport(PrinterCondition.ready)]))
            touch("reprint")
            happen(.printEnded(.transmitted))
        case .unproved, .unprovedPart:
            try go(to: .printing)
            happen(.devices([DeviceReport(PrinterCondition.paperOut)]))
            happen(.printEnded(place == .unproved ? .refused(.paperOut) : .failed(.paperOut)))
        case .wellAgain, .wellAgainPart:
            try go(to: place == .wellAgain ? .unproved : .unprovedPart)
            wait(3)
            happen(.devices([DeviceReport(PrinterCondition.ready)]))
        case .recovery, .recoveryPart:
            happen(.devices([DeviceReport(PrinterCondition.ready)]))
            happen(.recovered([Self.recovered(mayBeOnPaper: place == .recoveryPart)]))
        case .lookUp:
            try go(to: .need)
            touch("need", "lookup")
        case .searching:
            try go(to: .lookUp)
            touch("search", values: ["code": "TAM-1"])
        case .found:
            try go(to: .searching)
            happen(.lookedUp(LookUpResult(code: "TAM-1", state: .received)))
        case .thanks:
            try go(to: .printed)
            touch("finish")
        }
    }

    /// Everything is declared: the long way, gone once and copied.
    private static let declared = Result<JourneyFixture, any Error> {
        var fixture = try JourneyFixture()
        try fixture.go(to: .form)
        fixture.fillForm()
        return fixture
    }

    /// Answers every question of every page with something valid.
    mutating func fillForm() {
        for _ in 0..<40 {
            guard case .form(let page) = journey.stage else { return }
            var answered: [String: String] = [:]
            for _ in 0..<5 {
                for question in journey.visit.form?.page(page)?.questions ?? [] where !question.readOnly {
                    answered[question.path] = Self.answer(to: question)
                }
                touch("answer", values: answered)
            }
            touch("next", values: answered)
        }
    }

    private static func answer(to question: FormQuestion) -> String? {
        let name = question.path.split(separator: "/").last.map(String.init) ?? ""
        switch question.control {
        case .note: return nil
        case .date: return "2026-11-20"
        case .integer: return name.hasSuffix("year") ? "1992" : "1"
        case .decimal: return "1"
        case .selectOne, .selectMultiple:
            return name == "proof_kind" ? "hospital" : question.options.first?.value
        case .text, .longText: return name.hasSuffix("number") ? "052192001234" : "Trần Thị Mẫu"
        }
    }

    // MARK: - Synthetic people and things

    static let citizenQR = "001090123456|012345678|Nguyễn Văn A|01011990|Nam|Số 1, Phố Z, Hà Nội|02052021"

    static func citizen(bornIn year: Int) -> Citizen {
        Citizen(
            number: "001090123456", fullName: "Nguyễn Văn A",
            dateOfBirth: CalendarDate(year: year, month: 1, day: 1) ?? .distantPast, sex: "Nam",
            nationality: "Việt Nam", ethnicity: "Kinh", placeOfResidence: "Số 1, Phố Z, Hà Nội")
    }

    static var cardResult: CardReadResult { result(for: citizen(bornIn: 1990)) }

    static let proved = CardVerdicts(
        hashes: .passed(by: nil), signature: .passed(by: nil), trust: .passed(by: nil), chip: .passed(by: "CA"))

    static func result(for citizen: Citizen) -> CardReadResult {
        CardReadResult(
            citizen: citizen, access: .paceCAN, verdicts: proved, steps: [], commands: 40, bytes: 4000)
    }

    // MARK: - Pages

    /// Scans pages: they arrive in this order, the scan ends, and each is prepared.
    mutating func scan(_ component: String, _ ids: [String], findings: [String: [PageFinding]] = [:]) {
        touch("scan", component)
        pages(ids, in: component, findings: findings)
    }

    /// What follows when a scan has begun.
    mutating func pages(_ ids: [String], in component: String, findings: [String: [PageFinding]] = [:]) {
        for id in ids { arrive(id, in: component) }
        happen(.scanEnded(batch: journey.visit.batches))
        for id in ids { prepare(id, findings: findings[id] ?? []) }
    }

    mutating func arrive(_ id: String, in component: String) {
        happen(.pageScanned(component: component, Self.page(id, batch: journey.visit.batches)))
    }

    mutating func prepare(_ id: String, findings: [PageFinding] = [], codes: [PageCode] = []) {
        let page = Self.scanned("\(id)-prepared")
        happen(.pagePrepared(id: id, PreparedPage(page: page, findings: findings, codes: codes)))
    }

    mutating func recognise(_ id: String, _ text: String, confidence: Int = 90) {
        let layer = URL(filePath: "/nowhere/\(id).pdf")
        happen(.pageRecognised(id: id, RecognisedText(layer: layer, text: text, confidence: confidence)))
    }

    static func page(_ id: String, batch: Int = 1) -> VisitPage {
        VisitPage(id: id, scan: scanned(id), batch: batch)
    }

    private static func scanned(_ id: String) -> ScannedPage {
        ScannedPage(file: URL(filePath: "/nowhere/\(id).jpg"), width: 1654, height: 2339, resolution: 200)
    }

    static let submitted = Submitted(
        ticket: key, number: "A005", isPriority: false, className: "Thường", ahead: 3, waitMinutes: 5...12,
        dossierCode: "TAM-261124-7K3QXB", qr: ["101", "010", "101"])

    /// Without the dossier's code, since anybody may stand there.
    static func recovered(
        _ number: String = "A005", ticket: UUID = key, mayBeOnPaper: Bool = true, hadOffer: Bool = false
    ) -> RecoveredTicket {
        var submitted = submitted
        submitted.ticket = ticket
        submitted.number = number
        submitted.dossierCode = nil
        return RecoveredTicket(
            submitted: submitted, language: "en", mayBeOnPaper: mayBeOnPaper, hadOffer: hadOffer)
    }
}
