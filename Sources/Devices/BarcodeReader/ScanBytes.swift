import Foundation

/// Why a scan gave no text. Carries nothing of it.
public enum ScanRejection: String, Error, Sendable, Equatable {
    case notAScan = "not-a-scan"
    case tooLong = "too-long"
    case notUTF8 = "not-utf-8"
    case empty
}

/// The joined bytes of one scan, made into a text.
enum ScanBytes {
    /// More than the largest QR code holds (2953 bytes, version 40-L).
    static let longest = 4096

    /// Takes off what readers are often set to put around a scan (STX, ETX, CR, LF, TAB, zeros), decodes it as UTF-8
    /// and composes it (NFC).
    static func text(_ bytes: some BidirectionalCollection<UInt8>) -> Result<String, ScanRejection> {
        let isFrame: (UInt8) -> Bool = { [0x00, 0x02, 0x03, 0x09, 0x0A, 0x0D].contains($0) }
        let body = bytes.drop(while: isFrame).reversed().drop(while: isFrame).reversed()
        guard !body.isEmpty else { return .failure(.empty) }
        guard let text = String(validating: [UInt8](body), as: UTF8.self) else { return .failure(.notUTF8) }
        return .success(text.precomposedStringWithCanonicalMapping)
    }
}
