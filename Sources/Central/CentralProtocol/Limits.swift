/// Bounds that both sides keep. What is beyond them is refused before it is read.
public enum Limits {
    /// A sealed dossier: some hundred pages in colour.
    public static let sealedBytes = 512 * 1024 * 1024
    public static let manifestBytes = 256 * 1024
    public static let files = 200
    /// The largest body of one PATCH that the centre takes.
    public static let patchBytes = 8 * 1024 * 1024
    /// What the kiosk sends in one PATCH: a cut link costs at most this much again.
    public static let chunkBytes = 1024 * 1024
    /// Every other body.
    public static let bodyBytes = 64 * 1024
    /// Uploads that a kiosk has begun and not committed.
    public static let openUploadsPerKiosk = 200

    /// Codes are opaque: 1 to 64 of `A–Z a–z 0–9 . _ -`.
    public static func isCode(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count) && text.utf8.allSatisfy(isNameByte)
    }

    /// 1 to 80 of `A–Z a–z 0–9 . _ -`, not beginning with a dot: safe as a file name anywhere.
    public static func isFileName(_ text: String) -> Bool {
        (1...80).contains(text.utf8.count) && text.utf8.first != UInt8(ascii: ".") && text.utf8.allSatisfy(isNameByte)
    }

    /// `type/subtype` without parameters.
    public static func isMediaType(_ text: String) -> Bool {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        return parts.count == 2 && text.utf8.count <= 100
            && parts.allSatisfy { part in
                !part.isEmpty && part.utf8.allSatisfy { isNameByte($0) || $0 == UInt8(ascii: "+") }
            }
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
