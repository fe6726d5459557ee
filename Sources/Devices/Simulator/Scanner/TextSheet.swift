/// A page of a plain document in Vietnamese, with its number: pages of one document differ. All that it tells is
/// invented.
public struct TextSheet: Sendable, Equatable {
    /// Counted from 1.
    public var number: Int
    /// Millimetres.
    public var width: Double
    public var height: Double

    public init(number: Int = 1, width: Double = 210, height: Double = 297) {
        self.number = number
        self.width = width
        self.height = height
    }

    private static let lines = [
        "Kính gửi: Ủy ban nhân dân xã Ba, tỉnh Gia Lai (bộ mô phỏng).",
        "Tôi là người làm đơn này, xin trình bày như sau: thửa đất số 12, tờ bản đồ",
        "số 7, diện tích 450 mét vuông, sử dụng ổn định từ năm 1998 đến nay, không",
        "tranh chấp, có xác nhận của các hộ liền kề và của thôn trưởng.",
        "Gia đình đã nộp đủ các khoản thuế, lệ phí theo thông báo hằng năm; biên lai",
        "gốc được giữ tại nhà và xuất trình khi được yêu cầu.",
        "Nay tôi làm đơn này kính đề nghị cơ quan có thẩm quyền xem xét, giải quyết",
        "theo quy định của pháp luật. Tôi xin cam đoan những lời khai trên là đúng",
        "sự thật và chịu trách nhiệm trước pháp luật về nội dung đã khai.",
        "Xin trân trọng cảm ơn quý cơ quan đã quan tâm, hướng dẫn và giúp đỡ.",
    ]

    func draw(on canvas: PaperCanvas) {
        // Everything is laid out for A4 and made as small as the sheet is.
        let scale = width / 210
        func size(_ millimetres: Double) -> Double { millimetres * scale }
        canvas.text(
            "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", x: width / 2, y: size(26), size: size(4.4), bold: true,
            align: .centre)
        canvas.text("Độc lập - Tự do - Hạnh phúc", x: width / 2, y: size(32), size: size(4.4), align: .centre)
        canvas.text(
            "ĐƠN ĐỀ NGHỊ, TRANG \(number)", x: width / 2, y: size(50), size: size(7), bold: true, align: .centre)
        var y = 66.0
        var line = 0
        while size(y) < height - size(34) {
            let text = Self.lines[(line + number) % Self.lines.count]
            canvas.text(text, x: size(27), y: size(y), size: size(4.3))
            line += 1
            y += line.isMultiple(of: Self.lines.count) ? 13 : 7.6
        }
        canvas.text(
            "Trang \(number)", x: width / 2, y: height - size(14), size: size(5), bold: true, align: .centre)
    }
}
