import CPangoCairo

/// A copy of both sides of an identity card on A4, as people bring it. The holder is invented.
public struct IdentityCardSheet: Sendable, Equatable {
    public var number: String
    public var formerNumber: String
    public var fullName: String
    /// `dd/MM/yyyy`, as on the card.
    public var dateOfBirth: String
    public var sex: String
    public var nationality: String
    public var placeOfOrigin: String
    public var placeOfResidence: String
    public var dateOfIssue: String
    public var dateOfExpiry: String
    /// Three lines of 30 characters (ICAO 9303-5).
    public var mrz: [String]

    public init(
        number: String = "052196004271", formerNumber: String = "215884271",
        fullName: String = "Nguyễn Thị Ánh Tuyết", dateOfBirth: String = "14/02/1996", sex: String = "Nữ",
        nationality: String = "Việt Nam", placeOfOrigin: String = "Diên Hồng, Gia Lai",
        placeOfResidence: String = "Tổ 4, Diên Hồng, Gia Lai", dateOfIssue: String = "02/05/2021",
        dateOfExpiry: String = "14/02/2036",
        mrz: [String] = [
            "IDVNM1960042710052196004271<<7", "9602142F3602140VNM<<<<<<<<<<<0", "NGUYEN<<THI<ANH<TUYET<<<<<<<<<",
        ]
    ) {
        self.number = number
        self.formerNumber = formerNumber
        self.fullName = fullName
        self.dateOfBirth = dateOfBirth
        self.sex = sex
        self.nationality = nationality
        self.placeOfOrigin = placeOfOrigin
        self.placeOfResidence = placeOfResidence
        self.dateOfIssue = dateOfIssue
        self.dateOfExpiry = dateOfExpiry
        self.mrz = mrz
    }

    /// The card's size in millimetres (ISO/IEC 7810, ID-1).
    private static let size = (width: 85.6, height: 53.98)

    func draw(on canvas: PaperCanvas, random: inout PaperRandom) {
        canvas.turned(random.value(in: -0.012...0.012), x: 62, y: 45) { drawFront(canvas) }
        var copy = random
        canvas.turned(random.value(in: -0.012...0.012), x: 62, y: 122) { drawBack(canvas, random: &copy) }
        canvas.text(
            "Bản sao của bộ mô phỏng kiosk: người mang thẻ không có thật.", x: 105, y: 284, size: 2.5,
            family: "Noto Sans", ink: .faint, align: .centre)
    }

    private func drawGround(_ canvas: PaperCanvas, _ first: Ink, _ second: Ink) {
        let (width, height) = Self.size
        cairo_save(canvas.context)
        canvas.fill(first, x: 0, y: 0, width: width, height: height, radius: 3.18)
        canvas.outline(.faint, x: 0, y: 0, width: width, height: height, radius: 3.18, line: 0.18)
        cairo_rectangle(canvas.context, 1, 1, width - 2, height - 2)
        cairo_clip(canvas.context)
        // Guilloche: many thin circles around two centres.
        for ring in 0..<38 {
            let radius = Double(ring) * 2.1 + 2
            canvas.circle(second, x: width * 0.28, y: height * 1.1, radius: radius, line: 0.13)
            canvas.circle(second, x: width * 0.9, y: -height * 0.2, radius: radius, line: 0.13)
        }
        cairo_restore(canvas.context)
    }

    private func drawFront(_ canvas: PaperCanvas) {
        drawGround(
            canvas, Ink(red: 0.86, green: 0.93, blue: 0.90), Ink(red: 0.45, green: 0.68, blue: 0.70, alpha: 0.55))
        canvas.circle(Ink(red: 0.80, green: 0.12, blue: 0.13), x: 9.5, y: 9, radius: 6)
        canvas.star(Ink(red: 0.97, green: 0.85, blue: 0.2), x: 9.5, y: 9, radius: 4)
        let sans = "Noto Sans"
        canvas.text(
            "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", x: 41.5, y: 5.4, size: 2.0, family: sans, bold: true, align: .centre)
        canvas.text("Độc lập - Tự do - Hạnh phúc", x: 41.5, y: 8.4, size: 1.9, family: sans, align: .centre)
        canvas.text(
            "CĂN CƯỚC CÔNG DÂN", x: 42, y: 13.6, size: 4.0, family: sans, bold: true,
            ink: Ink(red: 0.75, green: 0.1, blue: 0.12), align: .centre)
        canvas.text("Citizen Identity Card", x: 42, y: 16.6, size: 2.1, family: sans, italic: true, align: .centre)
        drawQR(canvas, x: 68, y: 2.5, size: 15)
        drawPortrait(canvas, x: 3.5, y: 18.5, width: 20, height: 26.5)
        canvas.text("Số / No.:", x: 27, y: 22.4, size: 2.1, family: sans)
        canvas.text(number, x: 39, y: 22.6, size: 4.0, family: sans, bold: true)
        let rows: [(label: String, value: String)] = [
            ("Họ và tên / Full name:", fullName.uppercased()),
            ("Ngày sinh / Date of birth:", dateOfBirth),
            ("Giới tính / Sex:", "\(sex)    Quốc tịch / Nationality: \(nationality)"),
            ("Quê quán / Place of origin:", placeOfOrigin),
            ("Nơi thường trú / Place of residence:", placeOfResidence),
        ]
        var y = 26.2
        for (index, row) in rows.enumerated() {
            let width = canvas.text(row.label, x: 27, y: y, size: 1.8, family: sans)
            let isBelow = index == 0 || index > 2
            if isBelow { y += index == 0 ? 3.4 : 3.0 }
            canvas.text(
                row.value, x: isBelow ? 27 : 28 + width, y: y, size: index == 0 ? 2.8 : 2.25, family: sans,
                bold: index == 0)
            y += isBelow ? 2.9 : 3.2
        }
        canvas.text("Có giá trị đến: \(dateOfExpiry)", x: 3.5, y: 48.2, size: 1.6, family: sans)
        canvas.text("Date of expiry", x: 3.5, y: 50.4, size: 1.4, family: sans, italic: true)
    }

    private func drawBack(_ canvas: PaperCanvas, random: inout PaperRandom) {
        drawGround(
            canvas, Ink(red: 0.90, green: 0.93, blue: 0.88), Ink(red: 0.62, green: 0.70, blue: 0.50, alpha: 0.5))
        let sans = "Noto Sans"
        canvas.text("Đặc điểm nhận dạng / Personal identification:", x: 4, y: 5, size: 1.8, family: sans)
        canvas.text("Nốt ruồi cách 1,5 cm dưới mắt trái", x: 4, y: 8.6, size: 2.4, family: sans)
        canvas.text("Ngày, tháng, năm / Date: \(dateOfIssue)", x: 37, y: 13, size: 1.7, family: sans, align: .centre)
        canvas.text(
            "CỤC TRƯỞNG CỤC CẢNH SÁT", x: 38, y: 16.2, size: 1.6, family: sans, bold: true,
            align: .centre)
        canvas.text("QLHC VỀ TRẬT TỰ XÃ HỘI", x: 38, y: 18.6, size: 1.6, family: sans, bold: true, align: .centre)
        drawChip(canvas, x: 7, y: 14.5)
        canvas.signature(x: 37, y: 27, width: 12, height: 4.5, ink: .print, random: &random)
        canvas.roundStamp(
            x: 35, y: 26, radius: 6.2, rim: "CỤC CẢNH SÁT MÔ PHỎNG", centre: ["MẪU"], random: &random)
        for (index, label) in ["Ngón trỏ trái", "Ngón trỏ phải"].enumerated() {
            drawFinger(canvas, x: 55.5 + Double(index) * 14.3, y: 9, label: label, random: &random)
        }
        for (index, line) in mrz.prefix(3).enumerated() {
            canvas.text(
                line, x: Self.size.width / 2, y: 39.5 + Double(index) * 5, size: 4.0, family: "DejaVu Sans Mono",
                align: .centre, spacing: 0.12)
        }
    }

    private func drawPortrait(_ canvas: PaperCanvas, x: Double, y: Double, width: Double, height: Double) {
        cairo_save(canvas.context)
        canvas.fill(Ink(red: 0.80, green: 0.88, blue: 0.95), x: x, y: y, width: width, height: height)
        cairo_rectangle(canvas.context, x, y, width, height)
        cairo_clip(canvas.context)
        let middle = x + width / 2
        let hair = Ink(red: 0.13, green: 0.10, blue: 0.10)
        let skin = Ink(red: 0.88, green: 0.72, blue: 0.60)
        canvas.fill(
            hair, x: middle - 6.6, y: y + 4.2, width: 13.2, height: sex == "Nam" ? 7 : 17,
            radius: sex == "Nam" ? 3.4 : 6)
        canvas.fill(skin, x: middle - 2.2, y: y + 14, width: 4.4, height: 7)
        canvas.fill(
            Ink(red: 0.96, green: 0.96, blue: 0.97), x: middle - 9, y: y + 19.4, width: 18, height: 12, radius: 5)
        cairo_save(canvas.context)
        cairo_translate(canvas.context, middle, y + 11.8)
        cairo_scale(canvas.context, 0.78, 1)
        canvas.circle(skin, x: 0, y: 0, radius: 6)
        cairo_restore(canvas.context)
        canvas.fill(hair, x: middle - 5.2, y: y + 4.6, width: 10.4, height: 3.6, radius: 1.8)
        for side in [-1.0, 1.0] {
            canvas.circle(hair, x: middle + side * 1.9, y: y + 11.2, radius: 0.42)
            canvas.line(
                middle + side * 1.2, y + 9.9, middle + side * 2.7, y + 9.8, width: 0.3, ink: hair)
        }
        canvas.line(
            middle - 1.1, y + 15.0, middle + 1.1, y + 15.0, width: 0.42, ink: Ink(red: 0.72, green: 0.36, blue: 0.36))
        cairo_restore(canvas.context)
    }

    private func drawChip(_ canvas: PaperCanvas, x: Double, y: Double) {
        canvas.fill(Ink(red: 0.83, green: 0.70, blue: 0.36), x: x, y: y, width: 12, height: 10, radius: 1.6)
        let groove = Ink(red: 0.45, green: 0.36, blue: 0.15)
        canvas.outline(groove, x: x, y: y, width: 12, height: 10, radius: 1.6)
        canvas.outline(groove, x: x + 4, y: y + 2.2, width: 4, height: 5.6, radius: 0.8)
        for row in [3.3, 6.6] {
            canvas.line(x, y + row, x + 4, y + row, ink: groove)
            canvas.line(x + 8, y + row, x + 12, y + row, ink: groove)
        }
    }

    private func drawFinger(_ canvas: PaperCanvas, x: Double, y: Double, label: String, random: inout PaperRandom) {
        canvas.text(label, x: x + 6.5, y: y - 1, size: 1.7, family: "Noto Sans", align: .centre)
        canvas.fill(Ink(red: 0.97, green: 0.97, blue: 0.96), x: x, y: y, width: 13, height: 17)
        cairo_save(canvas.context)
        cairo_translate(canvas.context, x + 6.5, y + 9)
        cairo_scale(canvas.context, 0.8, 1.15)
        for ring in 1..<13 {
            let start = random.value(in: 0...2)
            cairo_new_path(canvas.context)
            cairo_arc(canvas.context, 0, 0, Double(ring) * 0.5, start, start + random.value(in: 4.0...6.0))
            canvas.ink(Ink(red: 0.25, green: 0.25, blue: 0.3))
            cairo_set_line_width(canvas.context, 0.24)
            cairo_stroke(canvas.context)
        }
        cairo_restore(canvas.context)
    }

    /// The QR code that real cards carry: seven fields separated by bars.
    private func drawQR(_ canvas: PaperCanvas, x: Double, y: Double, size: Double) {
        let fields = [
            number, formerNumber, fullName, dateOfBirth.filter { $0 != "/" }, sex, placeOfResidence,
            dateOfIssue.filter { $0 != "/" },
        ]
        canvas.qrCode(fields.joined(separator: "|"), x: x, y: y, size: size)
    }
}
