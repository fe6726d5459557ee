import Foundation

/// A number in a content stream: thousandths at most, never with an exponent (ISO 32000-1, 7.3.3).
struct PDFNumber: CustomStringConvertible {
    let value: Double

    init(_ value: Double, decimals: Int = 3) {
        let scale = decimals == 1 ? 10.0 : 1_000
        // Adding zero turns -0 into 0.
        self.value = (value * scale).rounded() / scale + 0
    }

    var description: String {
        value == value.rounded() ? String(Int(value)) : value.description
    }
}
