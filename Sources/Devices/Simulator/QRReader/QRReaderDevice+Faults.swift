extension QRReaderDevice: FaultTarget {
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
