/// What every simulated QR reader understands.
enum QRReaderWords {
    case show(String)
    case stall
    case silent(Bool)

    static let names = ["show TEXT", "stall", "silent", "answering"]

    init(_ words: [String]) throws {
        switch (words.first, words.count) {
        case ("show", 2...): self = .show(words.dropFirst().joined(separator: " "))
        case ("stall", 1): self = .stall
        case ("silent", 1): self = .silent(true)
        case ("answering", 1): self = .silent(false)
        default: throw FaultError.unknown(words, known: Self.names)
        }
    }

    var answer: String {
        switch self {
        case .show: "The QR code was read."
        case .stall: "The next transfer of the QR reader stalls."
        case .silent(true): "The QR reader reads nothing."
        case .silent(false): "The QR reader reads again."
        }
    }
}
