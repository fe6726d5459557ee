extension QRReaderDevice: FaultTarget {
    public nonisolated var faultNames: [String] { ["show TEXT", "stall", "silent", "answering"] }

    public func apply(_ words: [String]) throws -> String {
        switch (words.first, words.count) {
        case ("show", 2...):
            show(words.dropFirst().joined(separator: " "))
            return "The QR code was read."
        case ("stall", 1):
            stallNextTransfer()
            return "The next transfer of the QR reader stalls."
        case ("silent", 1):
            setSilent(true)
            return "The QR reader reads nothing."
        case ("answering", 1):
            setSilent(false)
            return "The QR reader reads again."
        default: throw FaultError.unknown(words, known: faultNames)
        }
    }
}
