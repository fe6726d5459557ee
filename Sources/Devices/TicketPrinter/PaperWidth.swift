/// How wide a ticket is and how fine its dots are.
public struct PaperWidth: Sendable, Hashable, Codable {
    /// Printable dots in a row, a multiple of 8.
    public var dots: Int
    public var dotsPerInch: Int

    public init(dots: Int, dotsPerInch: Int = 203) {
        self.dots = min(max(dots / 8 * 8, 64), 2048)
        self.dotsPerInch = min(max(dotsPerInch, 100), 600)
    }

    /// A roll of 80 mm: 576 dots, 72 mm, at 203 dpi.
    public static let mm80 = PaperWidth(dots: 576)
    /// A roll of 58 mm: 384 dots, 48 mm, at 203 dpi.
    public static let mm58 = PaperWidth(dots: 384)

    /// Dots, rounded.
    func dots(millimetres: Double) -> Int { Int((millimetres * Double(dotsPerInch) / 25.4).rounded()) }
}
