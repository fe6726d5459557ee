/// What a hand, or a fault, can do to a QR reader of any kind.
protocol SimulatedQRReader: Actor, FaultTarget {
    func show(_ text: String)
    func stallNextTransfer()
    func setSilent(_ isSilent: Bool)
}

extension SimulatedQRReader {
    public nonisolated var faultNames: [String] { QRReaderWords.names }

    public func apply(_ words: [String]) throws -> String {
        let words = try QRReaderWords(words)
        switch words {
        case .show(let text): show(text)
        case .stall: stallNextTransfer()
        case .silent(let isSilent): setSilent(isSilent)
        }
        return words.answer
    }
}

extension QRReaderDevice: SimulatedQRReader {}
