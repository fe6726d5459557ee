/// How a face image is coded, told from its first bytes and never from what the record around it says.
public enum FaceImageFormat: Sendable, Equatable {
    case jpeg
    /// JPEG 2000 in boxes (ISO/IEC 15444-1, annex I).
    case jpeg2000
    /// A bare JPEG 2000 codestream (ISO/IEC 15444-1, annex A).
    case jpeg2000Codestream

    private static let signatures: [(FaceImageFormat, [UInt8])] = [
        (.jpeg, [0xFF, 0xD8, 0xFF]),
        (.jpeg2000, [0x00, 0x00, 0x00, 0x0C, 0x6A, 0x50, 0x20, 0x20, 0x0D, 0x0A, 0x87, 0x0A]),
        (.jpeg2000Codestream, [0xFF, 0x4F, 0xFF, 0x51]),
    ]

    /// - Returns: nil when the bytes begin like none of them.
    public init?(_ bytes: some Collection<UInt8>) {
        guard let match = Self.signatures.first(where: { bytes.starts(with: $0.1) }) else { return nil }
        self = match.0
    }
}

/// Why a face image cannot be shown. Carries nothing of the image.
public enum FaceImageError: Error, Sendable, Equatable {
    /// Neither JPEG nor JPEG 2000.
    case unknownFormat
    /// More pixels, or more memory to decode them, than a photograph of a person needs. The text says what.
    case tooLarge(String)
    /// A feature of the format that photographs do not use. The text names it.
    case unsupported(String)
    case damaged(String)
}
