import Crypto
import Foundation

/// Lower-case hexadecimal.
public enum Hex {
    public static func encode(_ bytes: some Sequence<UInt8>) -> String {
        var text = ""
        for byte in bytes {
            if byte < 16 { text += "0" }
            text += String(byte, radix: 16)
        }
        return text
    }

    /// SHA-256 in hexadecimal.
    public static func sha256(_ bytes: some DataProtocol) -> String { encode(SHA256.hash(data: bytes)) }

    static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }

    static func isHash(_ text: String) -> Bool { text.utf8.count == 64 && text.utf8.allSatisfy(isDigit) }
}
