import CPangoCairo
import Simulator

/// What is printed on a paper of the corpus.
public enum CorpusSheet: Sendable, Equatable {
    /// A decision with letterhead, paragraphs, red stamp and blue signature; sizes in points.
    case letter(size: Double, sentences: Int)
    /// The back of a form: much text of 8 pt.
    case smallPrint
    /// A form with dotted lines that somebody filled in by pen.
    case form
    /// Rows and columns with rules.
    case table
    /// A bank's order, in capitals without accents as its printer has them, below a short heading.
    case bankOrder
    /// A notice with a QR code for looking it up.
    case notice(code: String)
    /// A notice with a bar code: 1 for a bar, each module so many millimetres wide.
    case bars(modules: String, module: Double)
    /// A report with a photograph in it.
    case photograph
    /// Vietnamese and English below each other.
    case bilingual
    /// A brochure's cover: a black bar and a black corner run off the paper.
    case cover
    case blank
    /// A cash register's slip.
    case slip
    case signatureOnly
    case stampOnly
    /// Both sides of an identity card, copied.
    case identityCard
    case birthCertificate

    /// - Returns: the text in reading order.
    func draw(on canvas: PaperCanvas, width: Double, random: inout PaperRandom) -> [String] {
        var writer = PaperWriter(canvas: canvas)
        switch self {
        case .letter(let size, let sentences): drawLetter(&writer, width, size, sentences, &random)
        case .smallPrint: drawSmallPrint(&writer, width, &random)
        case .form: drawForm(&writer, width, &random)
        case .table: drawTable(&writer, width, &random)
        case .bankOrder: drawBankOrder(&writer, width, &random)
        case .notice(let code): drawNotice(&writer, width, code, &random)
        case .bars(let modules, let module):
            drawLetter(&writer, width, 12, 3, &random)
            var place = 40.0
            for bar in modules.split(separator: "0", omittingEmptySubsequences: false) {
                // A bar is drawn at once: pieces side by side have a light seam between them.
                canvas.fill(Ink.print, x: place, y: 240, width: Double(bar.count) * module, height: 14)
                place += Double(bar.count + 1) * module
            }
        case .photograph: drawReport(&writer, width, &random)
        case .bilingual: drawBilingual(&writer, width, &random)
        case .cover:
            canvas.fill(Ink(red: 0.12, green: 0.12, blue: 0.12), x: 0, y: 40, width: width * 0.7, height: 12)
            canvas.circle(Ink(red: 0.12, green: 0.12, blue: 0.12), x: width, y: 0, radius: 22)
            drawLetter(&writer, width, 12, 5, &random)
        case .blank: break
        case .slip:
            for line in 0..<8 {
                canvas.text("Phí chứng thực: \(line + 1).000 đồng", x: 6, y: 14 + Double(line) * 7, size: 3.4)
            }
        case .signatureOnly:
            canvas.signature(x: width * 0.6, y: 210, width: 24, height: 10, random: &random)
        case .stampOnly:
            canvas.roundStamp(
                x: width * 0.65, y: 200, radius: 17, rim: "ỦY BAN NHÂN DÂN XÃ MÔ PHỎNG", centre: ["XÃ", "MÔ PHỎNG"],
                random: &random)
        case .identityCard:
            PaperSheet.identityCard(IdentityCardSheet(of: .nguyenVanA)).draw(on: canvas, random: &random)
        case .birthCertificate:
            PaperSheet.birthCertificate(BirthCertificateSheet()).draw(on: canvas, random: &random)
        }
        return writer.text
    }

    private func sentences(_ count: Int, _ random: inout PaperRandom) -> [String] {
        (0..<count).map { _ in CorpusWords.sentences.randomElement(using: &random) ?? "" }
    }

    private func drawHead(_ writer: inout PaperWriter, _ width: Double, _ random: inout PaperRandom) {
        let middle = width / 2
        writer.line(
            "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", x: middle, y: 22, .init(size: 12, bold: true, align: .centre))
        writer.line("Độc lập - Tự do - Hạnh phúc", x: middle, y: 28.5, .init(size: 13, bold: true, align: .centre))
        writer.canvas.line(middle - 27, 30.5, middle + 27, 30.5)
        let number = Int.random(in: 100...999, using: &random)
        writer.line("Số: \(number)/QĐ-UBND", x: 28, y: 40, .init(size: 12))
        writer.y = 46
    }

    private func drawLetter(
        _ writer: inout PaperWriter, _ width: Double, _ size: Double, _ count: Int, _ random: inout PaperRandom
    ) {
        drawHead(&writer, width, &random)
        writer.paragraph(
            "QUYẾT ĐỊNH", left: 28, right: width - 18, .init(size: 15, bold: true, align: .centre))
        for sentence in sentences(count, &random) {
            writer.paragraph(sentence, left: 28, right: width - 18, .init(size: size))
        }
        drawSigning(&writer, width, &random)
    }

    private func drawSigning(_ writer: inout PaperWriter, _ width: Double, _ random: inout PaperRandom) {
        let (x, y) = (width - 62, writer.y + 8)
        writer.line("CHỦ TỊCH", x: x, y: y, .init(size: 12, bold: true, align: .centre))
        writer.line("Phạm Đức Thuận", x: x, y: y + 33, .init(size: 12, bold: true, align: .centre))
        writer.canvas.signature(x: x - 13, y: y + 19, width: 26, height: 10, random: &random)
        writer.canvas.roundStamp(
            x: x - 15, y: y + 14, radius: 16, rim: "ỦY BAN NHÂN DÂN XÃ MÔ PHỎNG", centre: ["TỈNH", "GIA LAI"],
            random: &random)
        writer.y = y + 38
    }

    private func drawSmallPrint(_ writer: inout PaperWriter, _ width: Double, _ random: inout PaperRandom) {
        writer.paragraph(
            "HƯỚNG DẪN VÀ CHÚ THÍCH", left: 22, right: width - 20, .init(size: 11, bold: true, align: .centre))
        for (index, sentence) in sentences(26, &random).enumerated() {
            writer.paragraph("(\(index + 1)) \(sentence)", left: 22, right: width - 20, .init(size: 8))
        }
    }

    private func drawForm(_ writer: inout PaperWriter, _ width: Double, _ random: inout PaperRandom) {
        drawHead(&writer, width, &random)
        writer.paragraph(
            "TỜ KHAI CẤP BẢN SAO", left: 28, right: width - 18, .init(size: 15, bold: true, align: .centre))
        let answers = [
            ("Họ, chữ đệm, tên:", "Trần Thị Cẩm Tú"), ("Nơi cư trú:", "Tổ 4, phường Diên Hồng"),
            ("Giấy tờ tùy thân:", "thẻ căn cước"), ("Quan hệ:", "mẹ đẻ"), ("Số lượng:", "ba bản"),
            ("Lý do:", "bổ túc hồ sơ nhập học"),
        ]
        for (label, answer) in answers {
            writer.y += 8
            writer.line(label, x: 28, y: writer.y, .init(size: 12))
            writer.canvas.dots(72, width - 20, y: writer.y + 0.6)
            writer.canvas.handwriting(answer, x: 74, y: writer.y, size: 4.6, random: &random)
        }
        writer.y += 6
        for sentence in sentences(4, &random) {
            writer.paragraph(sentence, left: 28, right: width - 18, .init(size: 12))
        }
        writer.canvas.signature(x: width - 70, y: writer.y + 14, width: 26, height: 10, random: &random)
    }

    private func drawTable(_ writer: inout PaperWriter, _ width: Double, _ random: inout PaperRandom) {
        drawHead(&writer, width, &random)
        writer.paragraph(
            "DANH SÁCH HỘ GIA ĐÌNH", left: 28, right: width - 18, .init(size: 14, bold: true, align: .centre))
        let names = ["Nguyễn Thị Hường", "Rơ Châm Y Thuận", "Đinh Văn Phước", "Lê Quỳnh Giao", "Siu H'Bia"]
        let (top, left, right) = (writer.y + 2, 24.0, width - 20)
        let columns = [left, left + 14, left + 84, right]
        let rows = 18
        for row in 0...rows {
            writer.canvas.line(left, top + Double(row) * 9, right, top + Double(row) * 9, width: 0.25)
        }
        for column in columns { writer.canvas.line(column, top, column, top + Double(rows) * 9, width: 0.25) }
        for row in 0..<rows {
            let y = top + Double(row) * 9 + 6
            let name = names.randomElement(using: &random) ?? ""
            let amount = Int.random(in: 110...990, using: &random)
            writer.line("\(row + 1)", x: columns[0] + 5, y: y, .init(size: 11))
            writer.line(name, x: columns[1] + 3, y: y, .init(size: 11))
            writer.line("\(amount).000 đồng", x: columns[2] + 3, y: y, .init(size: 11))
        }
        writer.y = top + Double(rows) * 9
        drawSigning(&writer, width, &random)
    }

    private func drawBankOrder(_ writer: inout PaperWriter, _ width: Double, _ random: inout PaperRandom) {
        writer.paragraph(
            "LỆNH CHUYỂN TIỀN", left: 28, right: width - 18, .init(size: 15, bold: true, align: .centre))
        writer.paragraph("Liên 2: giao cho người nộp", left: 28, right: width - 18, .init(size: 12, align: .centre))
        let lines = [
            "NGUOI NOP TIEN   NGUYEN VAN THANH", "TAI KHOAN   0071 0004 8823", "NGAN HANG   CHI NHANH GIA LAI",
            "NGUOI HUONG   KHO BAC NHA NUOC TINH", "NOI DUNG   LE PHI CAP GIAY PHEP XAY DUNG",
            "SO TIEN BANG SO   2 500 000 VND", "SO TIEN BANG CHU   HAI TRIEU NAM TRAM NGAN DONG",
        ]
        for line in lines + lines.reversed() {
            writer.y += 5
            writer.paragraph(line, left: 28, right: width - 18, .init(size: 11, family: "Noto Sans"))
        }
    }

    private func drawNotice(
        _ writer: inout PaperWriter, _ width: Double, _ code: String, _ random: inout PaperRandom
    ) {
        drawHead(&writer, width, &random)
        writer.paragraph(
            "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ", left: 28, right: width - 18,
            .init(size: 14, bold: true, align: .centre))
        for sentence in sentences(6, &random) {
            writer.paragraph(sentence, left: 28, right: width - 18, .init(size: 13, family: "Noto Sans"))
        }
        writer.canvas.qrCode(code, x: 30, y: writer.y + 6, size: 26)
        drawSigning(&writer, width, &random)
    }

    private func drawReport(_ writer: inout PaperWriter, _ width: Double, _ random: inout PaperRandom) {
        drawHead(&writer, width, &random)
        writer.paragraph(
            "BIÊN BẢN KIỂM TRA HIỆN TRẠNG", left: 28, right: width - 18, .init(size: 14, bold: true, align: .centre))
        for sentence in sentences(5, &random) {
            writer.paragraph(sentence, left: 28, right: width - 18, .init(size: 12))
        }
        drawPhotograph(writer.canvas, x: 52, y: writer.y + 3, width: 106, height: 72, &random)
        writer.y += 80
        for sentence in sentences(3, &random) {
            writer.paragraph(sentence, left: 28, right: width - 18, .init(size: 12))
        }
    }

    /// A field below hills, with a house.
    private func drawPhotograph(
        _ canvas: PaperCanvas, x: Double, y: Double, width: Double, height: Double, _ random: inout PaperRandom
    ) {
        let context = canvas.context
        cairo_save(context)
        cairo_rectangle(context, x, y, width, height)
        cairo_clip(context)
        let sky = cairo_pattern_create_linear(0, y, 0, y + height)
        cairo_pattern_add_color_stop_rgb(sky, 0, 0.35, 0.55, 0.80)
        cairo_pattern_add_color_stop_rgb(sky, 0.55, 0.85, 0.88, 0.90)
        cairo_pattern_add_color_stop_rgb(sky, 0.56, 0.30, 0.42, 0.16)
        cairo_pattern_add_color_stop_rgb(sky, 1, 0.48, 0.38, 0.20)
        cairo_set_source(context, sky)
        cairo_paint(context)
        cairo_pattern_destroy(sky)
        for hill in 0..<5 {
            canvas.circle(
                Ink(red: 0.22, green: 0.34, blue: 0.28, alpha: 0.7), x: x + Double(hill) * width / 4,
                y: y + height * 0.9, radius: random.value(in: 20...30))
        }
        for _ in 0..<400 {
            let shade = random.value(in: 0.1...0.5)
            canvas.circle(
                Ink(red: shade, green: shade + 0.12, blue: shade * 0.6, alpha: 0.5), x: x + random.value(in: 0...width),
                y: y + height * random.value(in: 0.6...1), radius: random.value(in: 0.3...1.4))
        }
        canvas.fill(
            Ink(red: 0.86, green: 0.80, blue: 0.66), x: x + 38, y: y + height * 0.5, width: 30, height: 18)
        canvas.fill(Ink(red: 0.62, green: 0.22, blue: 0.16), x: x + 35, y: y + height * 0.42, width: 36, height: 7)
        canvas.fill(Ink(red: 0.2, green: 0.2, blue: 0.25), x: x + 48, y: y + height * 0.6, width: 6, height: 11)
        cairo_restore(context)
    }

    private func drawBilingual(_ writer: inout PaperWriter, _ width: Double, _ random: inout PaperRandom) {
        drawHead(&writer, width, &random)
        writer.paragraph("CHỨNG NHẬN", left: 28, right: width - 18, .init(size: 15, bold: true, align: .centre))
        for index in 0..<9 {
            writer.paragraph(
                CorpusWords.sentences.randomElement(using: &random) ?? "", left: 28, right: width - 18,
                .init(size: 10.5))
            if index.isMultiple(of: 3) {
                writer.paragraph(
                    CorpusWords.english.randomElement(using: &random) ?? "", left: 28, right: width - 18,
                    .init(size: 10.5, italic: true))
            }
        }
        drawSigning(&writer, width, &random)
    }
}
