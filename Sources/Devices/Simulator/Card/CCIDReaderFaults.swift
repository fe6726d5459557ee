extension CCIDReaderDevice: FaultTarget {
    public nonisolated var faultNames: [String] {
        [
            "insert NAME (\(SyntheticCitizen.all.map(\.id).joined(separator: ", ")))", "remove",
            "remove --after-apdu N", "stall", "slow [N]", "silent", "deaf", "stale", "garbage", "no-slot-change",
            "healthy",
        ]
    }

    public func apply(_ words: [String]) async throws -> String {
        switch (words.first, Array(words.dropFirst())) {
        case ("insert", let rest) where rest.count <= 1:
            guard let citizen = SyntheticCitizen.named(rest.first ?? SyntheticCitizen.nguyenVanA.id) else {
                throw FaultError.unknown(rest, known: SyntheticCitizen.all.map(\.id))
            }
            try insert(citizen)
            return "card of \(citizen.id) on the reader"
        case ("remove", []):
            remove()
            return "no card on the reader"
        case ("remove", let rest) where rest.count == 2 && rest[0] == "--after-apdu":
            guard let count = Int(rest[1]), count >= 0 else {
                throw FaultError("--after-apdu needs a number from 0")
            }
            trouble.commandsUntilRemoval = count
            return "the card leaves after \(count) commands"
        case ("slow", let rest) where rest.count <= 1:
            guard let count = Int(rest.first ?? "3"), (0...100).contains(count) else {
                throw FaultError("slow needs a number of time extensions, 0 to 100")
            }
            trouble.timeExtensions = count
            return "\(count) time extensions before each answer"
        case ("stall", []): trouble.stallsNextTransfer = true
        case ("silent", []): trouble.isSilent = true
        case ("deaf", []): trouble.isDeaf = true
        case ("stale", []): trouble.repeatsStaleFrames = true
        case ("garbage", []): trouble.sendsGarbage = true
        case ("no-slot-change", []): trouble.hidesSlotChanges = true
        case ("healthy", []): trouble = Trouble()
        default: throw FaultError.unknown(words, known: faultNames)
        }
        return words.joined(separator: " ")
    }
}
