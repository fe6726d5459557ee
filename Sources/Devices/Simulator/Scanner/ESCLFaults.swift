/// What `kiosk-sim fault scanner …` can do.
extension ESCLServer {
    public nonisolated var faultNames: [String] {
        ScannerTrouble.allCases.map { "\($0.rawValue)\($0.takesTime ? " [MILLISECONDS]" : "") [--after PAGES]" } + [
            "clear", "cover-close", "off", "on", "empty", "load [SHEET | FRONT/BACK …]",
            "sheets: \(PaperSheet.names.joined(separator: " "))",
        ]
    }

    /// `clear` ends every trouble; the others are what they say.
    public func apply(_ words: [String]) async throws -> String {
        switch (words.first, Array(words.dropFirst())) {
        case ("clear", []):
            mechanism.clear()
            pageDelay = .zero
            try await switchOn()
            return "the scanner is well"
        case ("cover-close", []):
            mechanism.end(.coverOpen)
            return "the cover is closed"
        case ("off", []): return try await apply(["lost"])
        case ("on", []):
            mechanism.end(.lost)
            try await switchOn()
            return "the scanner is switched on"
        case ("empty", []):
            mechanism.empty()
            return "the feeder is empty"
        case ("load", let names):
            let sheets = try Self.sheets(names)
            mechanism.load(sheets)
            return "\(sheets.count) sheets lie in the feeder"
        case (let name?, let rest):
            guard let trouble = ScannerTrouble(rawValue: name) else {
                throw FaultError.unknown(words, known: faultNames)
            }
            return try await make(trouble, rest)
        default:
            throw FaultError.unknown(words, known: faultNames)
        }
    }

    private func make(_ trouble: ScannerTrouble, _ words: [String]) async throws -> String {
        var words = words
        var pages: Int?
        if let index = words.firstIndex(of: "--after") {
            guard words.count == index + 2, let count = Int(words[index + 1]), (0...1000).contains(count) else {
                throw FaultError("write --after PAGES, from 0 to 1000")
            }
            pages = count
            words.removeLast(2)
        }
        guard words.count <= (trouble.takesTime ? 1 : 0) else {
            throw FaultError("\(trouble.rawValue) does not take \(words.joined(separator: " "))")
        }
        let time = try words.first.map(Self.milliseconds)
        mechanism.trouble(trouble, after: pages)
        if trouble == .slow { pageDelay = time ?? .seconds(5) }
        if trouble == .warmingUp { warmUpTime = time }
        if pages == nil { await began(trouble) }
        return trouble.story + (pages.map { ", after page \($0)" } ?? "")
    }

    private static func milliseconds(_ word: String) throws -> Duration {
        guard let milliseconds = Int(word), (0...600_000).contains(milliseconds) else {
            throw FaultError("milliseconds go from 0 to 600000")
        }
        return .milliseconds(milliseconds)
    }

    private static func sheets(_ names: [String]) throws -> [LoadedSheet] {
        if names.isEmpty { return PaperSheet.applicantPapers.map { LoadedSheet(front: $0) } }
        guard names.count <= 100 else { throw FaultError("the feeder holds 100 sheets") }
        return try names.map { name in
            let sides = try name.split(separator: "/").map { side in
                guard let sheet = PaperSheet(name: String(side)) else {
                    throw FaultError("no sheet \(side); known: \(PaperSheet.names.joined(separator: ", "))")
                }
                return sheet
            }
            guard (1...2).contains(sides.count) else { throw FaultError("a sheet has two sides: FRONT/BACK") }
            return LoadedSheet(front: sides[0], back: sides.count == 2 ? sides[1] : .blank)
        }
    }
}
