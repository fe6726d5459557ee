import CPangoCairo

/// A hospital's certificate of a birth (giấy chứng sinh), the paper that a birth registration needs. All people are
/// invented.
public struct BirthCertificateSheet: Sendable, Equatable {
    public var authority: String
    public var hospital: String
    public var number: String
    public var book: String
    public var mother: String
    public var motherBirthYear: String
    public var motherNumber: String
    public var motherEthnicity: String
    public var residence: String
    public var bornAt: String
    public var place: String
    public var childSex: String
    public var childWeight: String
    public var childName: String
    public var midwife: String
    public var head: String
    public var issuedOn: String

    public init(
        authority: String = "SỞ Y TẾ TỈNH GIA LAI", hospital: String = "BỆNH VIỆN ĐA KHOA MÔ PHỎNG",
        number: String = "0427/2026", book: String = "03", mother: String = "Trần Thị Cẩm Tú",
        motherBirthYear: String = "1992", motherNumber: String = "052192001234", motherEthnicity: String = "Kinh",
        residence: String = "Xã Ba, tỉnh Gia Lai",
        bornAt: String = "06 giờ 35 phút, ngày 12 tháng 11 năm 2026", place: String = "Khoa Phụ sản",
        childSex: String = "Nữ", childWeight: String = "3 150", childName: String = "Nguyễn Thị Bình An",
        midwife: String = "Lê Thị Quỳnh Như", head: String = "Phạm Đức Thuận",
        issuedOn: String = "Gia Lai, ngày 14 tháng 11 năm 2026"
    ) {
        self.authority = authority
        self.hospital = hospital
        self.number = number
        self.book = book
        self.mother = mother
        self.motherBirthYear = motherBirthYear
        self.motherNumber = motherNumber
        self.motherEthnicity = motherEthnicity
        self.residence = residence
        self.bornAt = bornAt
        self.place = place
        self.childSex = childSex
        self.childWeight = childWeight
        self.childName = childName
        self.midwife = midwife
        self.head = head
        self.issuedOn = issuedOn
    }

    func draw(on canvas: PaperCanvas, random: inout PaperRandom) {
        drawHead(canvas)
        drawFields(canvas, random: &random)
        drawSignatures(canvas, random: &random)
        canvas.text(
            "Giấy của bộ mô phỏng kiosk: mọi tên và số đều là giả.", x: 105, y: 284, size: 2.5, family: "Noto Sans",
            ink: .faint, align: .centre)
    }

    private func drawHead(_ canvas: PaperCanvas) {
        canvas.text(authority, x: 58, y: 24, size: 3.9, align: .centre)
        canvas.text(hospital, x: 58, y: 30, size: 3.9, bold: true, align: .centre)
        canvas.line(44, 32, 72, 32)
        canvas.text("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", x: 143, y: 24, size: 3.9, bold: true, align: .centre)
        canvas.text("Độc lập - Tự do - Hạnh phúc", x: 143, y: 30, size: 4.2, bold: true, align: .centre)
        canvas.line(117, 32, 169, 32)
        canvas.text("Số: \(number)", x: 30, y: 42, size: 4.0)
        canvas.text("Quyển số: \(book)", x: 30, y: 48.5, size: 4.0)
        canvas.text("GIẤY CHỨNG SINH", x: 105, y: 64, size: 7.4, bold: true, align: .centre, spacing: 0.15)
    }

    private func drawFields(_ canvas: PaperCanvas, random: inout PaperRandom) {
        let rows: [[(label: String, answer: String, width: Double)]] = [
            [("Họ và tên mẹ hoặc người nuôi dưỡng:", mother, 155)],
            [("Năm sinh:", motherBirthYear, 62), ("Dân tộc:", motherEthnicity, 93)],
            [("Nơi cư trú:", residence, 155)],
            [("Số định danh cá nhân:", motherNumber, 155)],
            [("Đã sinh con vào lúc:", bornAt, 155)],
            [("Tại:", place, 155)],
            [("Số lần sinh:", "01", 62), ("Số con hiện sống:", "01", 93)],
            [("Số con trong lần sinh này:", "01", 155)],
            [("Giới tính của con:", childSex, 62), ("Cân nặng (gam):", childWeight, 93)],
            [("Hiện trạng của con:", "Khỏe mạnh", 155)],
            [("Dự định đặt tên con là:", childName, 155)],
            [("Người đỡ đẻ:", midwife, 155)],
        ]
        var y = 78.0
        for row in rows {
            var x = 28.0
            for field in row {
                let label = canvas.text(field.label, x: x, y: y, size: 4.35)
                canvas.dots(x + label + 1.5, x + field.width - 2, y: y + 0.6)
                canvas.handwriting(field.answer, x: x + label + 3.5, y: y - 0.1, size: 4.8, random: &random)
                x += field.width
            }
            y += 9.4
        }
        canvas.text(
            "Ghi chú: Giấy chứng sinh cấp lần đầu. Đề nghị cha, mẹ đăng ký khai sinh cho con trong 60 ngày.",
            x: 28, y: y + 1, size: 3.5, italic: true)
    }

    private func drawSignatures(_ canvas: PaperCanvas, random: inout PaperRandom) {
        let top = 206.0
        canvas.text(issuedOn, x: 158, y: top - 6, size: 4.0, italic: true, align: .centre)
        let columns: [(title: String, hint: String, name: String, x: Double)] = [
            ("Mẹ hoặc người thân", "(Ký, ghi rõ họ tên)", mother, 50),
            ("Người đỡ đẻ", "(Ký, ghi rõ họ tên)", midwife, 104),
            ("Thủ trưởng cơ sở y tế", "(Ký tên, đóng dấu)", head, 158),
        ]
        for column in columns {
            canvas.text(column.title, x: column.x, y: top, size: 4.1, bold: true, align: .centre)
            canvas.text(column.hint, x: column.x, y: top + 5.5, size: 3.4, italic: true, align: .centre)
            canvas.signature(x: column.x - 13, y: top + 22, width: 25, height: 11, random: &random)
            canvas.text(column.name, x: column.x, y: top + 38, size: 4.0, align: .centre)
        }
        canvas.roundStamp(
            x: 145, y: top + 21, radius: 17.5, rim: "SỞ Y TẾ TỈNH GIA LAI",
            centre: ["BỆNH VIỆN", "ĐA KHOA", "MÔ PHỎNG"], random: &random)
    }
}
