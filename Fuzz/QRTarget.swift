import IdentityCard
import Peripherals

extension FuzzTarget {
    /// The text of a QR code, as bytes of UTF-8.
    static let qr = FuzzTarget(name: "qr", longest: 4096) { bytes in
        guard let text = String(validating: bytes, as: UTF8.self), let code = try? IdentityCardQR(text) else { return }
        precondition(code.number.digits.utf8.count == 12)
        precondition(code.sex == "Nam" || code.sex == "Nữ")
        precondition(code.basicAccessInputs.count <= 2 && code.basicAccessInputs.allSatisfy { $0.utf8.count == 24 })
        _ = code.number.contradiction(dateOfBirth: code.dateOfBirth, sex: code.sex)
    }
}
