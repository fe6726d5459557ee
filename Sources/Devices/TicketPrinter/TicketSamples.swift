import Peripherals

extension TicketContent {
    /// A ticket of nobody's, with every field filled, for previews and for checking a template.
    /// - Parameter language: `vi`; every other is English.
    public static func sample(language: String, reprint: Bool = false) -> TicketContent {
        language == "vi"
            ? TicketContent(
                hall: "Trung tâm Phục vụ hành chính công phường Quy Nhơn", number: "U005", className: "Ưu tiên",
                procedure: "Đăng ký khai sinh", issuedAt: "08:41, thứ Tư 25/11/2026",
                notes: ["Trước bạn còn 3 người", "Quét mã để xem lượt của mình trên điện thoại"],
                qr: "https://motcua.example/q/23710/U005-7F3K9QX2", reprintMark: reprint ? "IN LẠI" : nil)
            : TicketContent(
                hall: "Public Administration Service Centre, Quy Nhon Ward", number: "U005", className: "Priority",
                procedure: "Birth registration", issuedAt: "08:41, Wednesday 25 November 2026",
                notes: ["3 people are waiting before you", "Scan the code to follow your turn on your telephone"],
                qr: "https://motcua.example/q/23710/U005-7F3K9QX2", reprintMark: reprint ? "REPRINT" : nil)
    }

    /// What a template is drawn with to be checked: everything that may stand on a ticket.
    static let samples = [sample(language: "vi", reprint: true), sample(language: "en", reprint: true)]
}
