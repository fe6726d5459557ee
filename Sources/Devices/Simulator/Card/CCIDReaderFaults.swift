extension CCIDReaderDevice: FaultTarget {
    public nonisolated var faultNames: [String] {
        [
            "insert NAME (\(SyntheticCitizen.all.map(\.id).joined(separator: ", ")))",
            "insert NAME --malice WHAT (\(CardMalice.allCases.map(\.rawValue).joined(separator: ", ")))", "remove",
            "remove --after-apdu N", "stall", "slow [N|forever]", "odd-extensions", "silent", "deaf", "stale [N]",
            "stale-at-open", "garbage", "short-frame", "slow-start MS", "no-slot-change",
            "link 106|212|424|848", "healthy",
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
        case ("insert", let rest) where rest.count == 3 && rest[1] == "--malice":
            guard let citizen = SyntheticCitizen.named(rest[0]), let malice = CardMalice(rawValue: rest[2]) else {
                throw FaultError.unknown(rest, known: faultNames)
            }
            try insert(citizen, malice: malice)
            return "card of \(citizen.id) on the reader; \(malice.rawValue)"
        case ("remove", []):
            remove()
            return "no card on the reader"
        case ("remove", let rest) where rest.count == 2 && rest[0] == "--after-apdu":
            guard let count = Int(rest[1]), count >= 0 else {
                throw FaultError("--after-apdu needs a number from 0")
            }
            trouble.commandsUntilRemoval = count
            return "the card leaves after \(count) commands"
        case ("slow", ["forever"]): trouble.extendsForever = true
        case ("slow", let rest) where rest.count <= 1:
            trouble.timeExtensions = try Self.number(rest.first ?? "3", in: 0...100, "slow needs time extensions")
            return "\(trouble.timeExtensions) time extensions before each answer"
        case ("stale", let rest) where rest.count <= 1:
            trouble.staleFrames = try Self.number(rest.first ?? "1", in: 1...100, "stale needs frames")
        case ("slow-start", let rest) where rest.count == 1:
            let delay = try Self.number(rest[0], in: 0...10_000, "slow-start needs milliseconds")
            trouble.nextStatus = .milliseconds(delay)
        case ("odd-extensions", []): trouble.disguisesExtensions = true
        case ("link", let rest) where rest.count == 1:
            guard let rate = Int(rest[0]).flatMap(ContactlessLink.BitRate.init(rawValue:)) else {
                throw FaultError("link needs a bit rate in kbit/s: 106, 212, 424 or 848")
            }
            trouble.link = ContactlessLink(rate)
            return "the card answers as over a link of \(rate.rawValue) kbit/s"
        case ("stall", []): trouble.stallsNextTransfer = true
        case ("silent", []): trouble.isSilent = true
        case ("deaf", []): trouble.isDeaf = true
        case ("stale-at-open", []): leaveStaleMessages()
        case ("garbage", []): trouble.sendsGarbage = true
        case ("short-frame", []): trouble.cutsNextFrame = true
        case ("no-slot-change", []): trouble.hidesSlotChanges = true
        case ("healthy", []): trouble = CCIDReaderTrouble()
        default: throw FaultError.unknown(words, known: faultNames)
        }
        return words.joined(separator: " ")
    }

    private static func number(_ text: String, in range: ClosedRange<Int>, _ what: String) throws -> Int {
        guard let value = Int(text), range.contains(value) else {
            throw FaultError("\(what), \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }
}
