import Foundation
import Peripherals
import Testing

@testable import TicketPrinter

@Test func scratch() throws {
    let dir = URL(filePath: "/tmp/tick"); try FileManager.default.createDirectory(at: dir, withIntermediateDirectories: true)
    var t = TicketContent(
        hall: "Trung tâm Phục vụ hành chính công phường Quy Nhơn", number: "U005", className: "Ưu tiên",
        procedure: "Đăng ký khai sinh", issuedAt: "08:41, thứ Tư 25/11/2026",
        notes: ["Trước bạn còn 3 người", "Quét mã để xem lượt của mình trên điện thoại"], qr: "https://motcua.gialai.example/q/52-0143/U005-7F3K9QX2")
    for (name, paper) in [("a80", PaperWidth.mm80), ("a58", .mm58)] {
        let c = ContinuousClock(); let s = c.now
        let b = try TicketDrawing(paper: paper).draw(t)
        let m = c.now
        _ = try TicketDrawing(paper: paper).draw(t)
        print(name, b.height, m - s, c.now - m)
        try Data(b.png()).write(to: dir.appending(path: name + ".png"))
    }
    t.className = ""; t.reprintMark = "IN LẠI"; t.number = "A1234"
    t.procedure = "Đăng ký biến động quyền sử dụng đất, quyền sở hữu tài sản gắn liền với đất trong trường hợp chuyển nhượng"
    for (name, paper) in [("b80", PaperWidth.mm80), ("b58", .mm58)] {
        try Data(TicketDrawing(paper: paper).draw(t).png()).write(to: dir.appending(path: name + ".png"))
    }
}
