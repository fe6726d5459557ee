import CPangoCairo
import CQREncode

/// What hands leave on paper: stamps, signatures, writing.
extension PaperCanvas {
    /// A round red stamp with text on its rim and a star, pressed unevenly.
    package func roundStamp(
        x: Double, y: Double, radius: Double, rim: String, centre: [String], random: inout PaperRandom
    ) {
        let tilt = random.value(in: -0.16...0.16)
        cairo_push_group(context)
        turned(tilt, x: x, y: y) {
            circle(.stamp, x: 0, y: 0, radius: radius, line: 0.75)
            circle(.stamp, x: 0, y: 0, radius: radius * 0.93, line: 0.2)
            circle(.stamp, x: 0, y: 0, radius: radius * 0.62, line: 0.25)
            rimText(rim, radius: radius * 0.695, size: radius * 0.19)
            star(.stamp, x: 0, y: radius * 0.79, radius: radius * 0.1)
            let size = radius * 0.17
            let top = -Double(centre.count - 1) / 2 * size * 1.35 + size * 0.35
            for (index, line) in centre.enumerated() {
                text(
                    line, x: 0, y: top + Double(index) * size * 1.35, size: size, family: "Noto Sans", bold: true,
                    ink: .stamp, align: .centre)
            }
        }
        // Where the pad was dry, the paper shows through.
        cairo_set_operator(context, CAIRO_OPERATOR_DEST_OUT)
        for _ in 0..<240 {
            let spot = random.value(in: 0.05...0.28)
            let alpha = random.value(in: 0.1...0.7)
            circle(
                Ink(red: 0, green: 0, blue: 0, alpha: alpha), x: x + random.value(in: -radius...radius),
                y: y + random.value(in: -radius...radius), radius: spot)
        }
        cairo_set_operator(context, CAIRO_OPERATOR_OVER)
        cairo_pop_group_to_source(context)
        cairo_paint_with_alpha(context, 0.92)
    }

    /// Letters around the upper part of a circle.
    private func rimText(_ text: String, radius: Double, size: Double) {
        let letters = Array(text)
        let step = min(0.30, 4.6 / Double(max(letters.count, 1)))
        var angle = -step * Double(letters.count - 1) / 2
        for letter in letters {
            turned(angle, x: 0, y: 0) {
                self.text(
                    String(letter), x: 0, y: -radius, size: size, family: "Noto Sans", bold: true, ink: .stamp,
                    align: .centre)
            }
            angle += step
        }
    }

    /// A scribble that nobody can read: loops from left to right and a long last stroke.
    package func signature(
        x: Double, y: Double, width: Double, height: Double, ink: Ink = .pen, random: inout PaperRandom
    ) {
        cairo_save(context)
        cairo_set_line_cap(context, CAIRO_LINE_CAP_ROUND)
        cairo_set_line_join(context, CAIRO_LINE_JOIN_ROUND)
        self.ink(ink)
        cairo_new_path(context)
        let loops = Int.random(in: 3...7, using: &random)
        let slant = width * random.value(in: -0.02...0.12)
        var penX = x
        cairo_move_to(context, penX, y)
        for loop in 0..<loops {
            let next = x + width * (Double(loop) + random.value(in: 0.75...1.15)) / Double(loops)
            let up = y - height * random.value(in: 0.35...1.0)
            let down = y + height * random.value(in: 0.05...0.4)
            let lean = width * random.value(in: 0.03...0.18)
            cairo_curve_to(
                context, penX + lean + slant, up, penX + 2 * lean + slant, up * 0.4 + (y - height * 0.7) * 0.6,
                penX + lean * random.value(in: 0.1...0.8), y)
            cairo_curve_to(context, penX - lean * 0.3, down, next - lean * 0.4, down, next, y - height * 0.1)
            penX = next
        }
        cairo_set_line_width(context, 0.42)
        cairo_stroke(context)
        cairo_move_to(context, x - width * 0.06, y + height * 0.42)
        cairo_curve_to(
            context, x + width * 0.4, y + height * 0.2, x + width * 0.7, y + height * 0.62, x + width * 1.18,
            y - height * random.value(in: 0.1...0.5))
        cairo_set_line_width(context, 0.34)
        cairo_stroke(context)
        cairo_restore(context)
    }

    /// Words in blue pen, each a little off the line.
    package func handwriting(_ words: String, x: Double, y: Double, size: Double, random: inout PaperRandom) {
        var penX = x
        for word in words.split(separator: " ") {
            let lift = random.value(in: -0.35...0.25)
            let lean = random.value(in: -0.014...0.014)
            turned(lean, x: penX, y: y + lift) {
                penX += text(String(word), x: 0, y: 0, size: size, italic: true, ink: .pen) + size * 0.34
            }
        }
    }

    /// A QR code of a square of `size` millimetres, two modules of quiet zone in it.
    package func qrCode(_ text: String, x: Double, y: Double, size: Double) {
        guard let code = QRcode_encodeString(text, 0, QR_ECLEVEL_M, QR_MODE_8, 1) else { return }
        defer { QRcode_free(code) }
        let width = Int(code.pointee.width)
        let module = size / Double(width + 4)
        fill(Ink(red: 1, green: 1, blue: 1), x: x, y: y, width: size, height: size)
        ink(.print)
        for row in 0..<width {
            for column in 0..<width where code.pointee.data[row * width + column] & 1 == 1 {
                cairo_rectangle(
                    context, x + Double(column + 2) * module, y + Double(row + 2) * module, module, module)
            }
        }
        cairo_fill(context)
    }
}
