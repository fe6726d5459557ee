import CentralProtocol
import Foundation

/// The pages for staff: all dossiers, and one dossier. In Vietnamese.
enum Pages {
    static func list(_ dossiers: [ArchivedDossier]) -> HTML {
        let rows = dossiers.map { dossier in
            HTML.tag(
                "tr", [],
                [
                    .tag("td", [], [.tag("a", [.href(address(dossier.id))], dossier.code)]),
                    .tag("td", [], dossier.manifest.procedure),
                    .tag("td", [], dossier.manifest.agency),
                    .tag("td", [], dossier.manifest.kiosk),
                    .tag("td", [], [time(dossier.receivedAt)]),
                    .tag("td", [.class("number")], "\(dossier.manifest.files.count)"),
                ])
        }
        let titles = ["Mã hồ sơ", "Thủ tục", "Cơ quan tiếp nhận", "Kiosk", "Nhận lúc", "Số tệp"]
        return page(
            "Hồ sơ đã nhận",
            [
                .tag("h1", [], "Hồ sơ đã nhận"),
                .tag("p", [.class("quiet")], "\(dossiers.count) hồ sơ gần nhất, mới nhất ở trên."),
                .tag(
                    "div", [.class("sheet")],
                    dossiers.isEmpty
                        ? [.tag("p", [.class("empty")], "Chưa có hồ sơ nào.")]
                        : [
                            .tag(
                                "table", [],
                                [
                                    .tag(
                                        "thead", [],
                                        [.tag("tr", [], titles.map(columnTitle))]),
                                    .tag("tbody", [], rows),
                                ])
                        ]),
            ])
    }

    /// - Parameter answers: by file name, for the files that hold a form's answers.
    static func dossier(_ dossier: ArchivedDossier, answers: [String: AnswersTable]) -> HTML {
        let manifest = dossier.manifest
        var parts: [HTML] = [
            .tag("h1", [], "Hồ sơ \(dossier.code)"),
            .tag("p", [.class("good")], "Đã nhận đủ, đã kiểm tra, đã ký biên nhận điện tử."),
            sheet([
                ("Mã tạm tại kiosk", .text(manifest.provisionalCode)),
                ("Thủ tục", .text("\(manifest.procedure) (phiên bản \(manifest.procedureVersion))")),
                ("Cơ quan tiếp nhận", .text(manifest.agency)),
                ("Kiosk", .text(manifest.kiosk)),
                ("Nộp lúc", time(manifest.createdAt)),
                ("Nhận lúc", time(dossier.receivedAt)),
                ("Định danh", .tag("code", [], dossier.id.uuidString)),
                ("SHA-256 của bản kê", .tag("code", [], dossier.receipt.receipt.manifestSHA256)),
            ]),
        ]
        for file in manifest.files {
            guard let table = answers[file.name] else { continue }
            parts.append(.tag("h2", [], "Tờ khai (\(file.name))"))
            parts.append(sheet(table.rows.map { ($0.label, .text($0.value)) }))
        }
        parts.append(.tag("h2", [], "Các tệp"))
        parts.append(files(manifest))
        return page("Hồ sơ \(dossier.code)", parts)
    }

    static func missing() -> HTML {
        page(
            "Không tìm thấy",
            [.tag("h1", [], "Không tìm thấy"), .tag("p", [], [.tag("a", [.href("/dossiers")], "Về danh sách hồ sơ")])])
    }

    static func address(_ id: UUID) -> String { "/dossiers/\(id.uuidString)" }

    private static func files(_ manifest: DossierManifest) -> HTML {
        let rows = manifest.files.map { file in
            HTML.tag(
                "tr", [],
                [
                    .tag("td", [], [.tag("a", [.href("\(address(manifest.id))/files/\(file.name)")], file.name)]),
                    .tag("td", [], file.mediaType),
                    .tag("td", [.class("number")], "\(file.bytes)"),
                    .tag("td", [], [.tag("code", [], file.sha256)]),
                ])
        }
        let titles = ["Tên", "Loại", "Số byte", "SHA-256"]
        return .tag(
            "div", [.class("sheet")],
            [
                .tag(
                    "table", [],
                    [
                        .tag("thead", [], [.tag("tr", [], titles.map(columnTitle))]),
                        .tag("tbody", [], rows),
                    ])
            ])
    }

    private static func sheet(_ rows: [(String, HTML)]) -> HTML {
        .tag(
            "div", [.class("sheet")],
            [
                .tag(
                    "table", [],
                    [
                        .tag(
                            "tbody", [],
                            rows.map { label, value in
                                .tag("tr", [], [.tag("th", [.scope("row")], label), .tag("td", [], [value])])
                            })
                    ])
            ])
    }

    /// Titles of number columns stand over their numbers.
    private static func columnTitle(_ title: String) -> HTML {
        .tag("th", [.scope("col")] + (title.hasPrefix("Số ") ? [.class("number")] : []), title)
    }

    private static func time(_ date: Date) -> HTML {
        .tag("time", [.datetime(VietnamTime.machine(date))], VietnamTime.text(date))
    }

    private static func page(_ title: String, _ content: [HTML]) -> HTML {
        .tag(
            "html", [.lang("vi")],
            [
                .tag(
                    "head", [],
                    [
                        .tag("meta", [.charset("utf-8")], []),
                        .tag("meta", [.name("viewport"), .content("width=device-width, initial-scale=1")], []),
                        .tag("title", [], title),
                        .tag("link", [.rel("stylesheet"), .href("/assets/centre.css")], []),
                    ]),
                .tag(
                    "body", [],
                    [
                        .tag("header", [], [.tag("a", [.href("/dossiers")], "Trung tâm tiếp nhận hồ sơ")]),
                        .tag("main", [], content),
                    ]),
            ])
    }
}
