/// What `kiosk-sim fault scanner …` can do.
extension ESCLServer {
    public nonisolated var faultNames: [String] {
        [
            "jam [--after PAGES]", "clear", "cover-open [--after PAGES]", "cover-close", "empty",
            "load [\(PaperSheet.names.joined(separator: "|")) …]", "slow [MILLISECONDS]", "silent", "busy",
        ]
    }

    /// `clear` ends every fault; the others are what they say.
    public func apply(_ words: [String]) async throws -> String {
        switch (words.first, Array(words.dropFirst())) {
        case ("jam", let rest):
            let pages = try Self.after(rest)
            mechanism.jam(after: pages)
            return pages.map { "a sheet jams after page \($0)" } ?? "a sheet is jammed in the feeder"
        case ("cover-open", let rest):
            let pages = try Self.after(rest)
            mechanism.openCover(after: pages)
            return pages.map { "the cover opens after page \($0)" } ?? "the cover is open"
        case ("cover-close", []):
            mechanism.closeCover()
            return "the cover is closed"
        case ("clear", []):
            mechanism.clear()
            isSilent = false
            pageDelay = .zero
            return "the scanner is well"
        case ("empty", []):
            mechanism.empty()
            return "the feeder is empty"
        case ("load", let names):
            let sheets = try Self.sheets(names)
            mechanism.load(sheets)
            return "\(sheets.count) sheets lie in the feeder"
        case ("slow", let rest):
            let milliseconds = rest.isEmpty ? 5_000 : Int(rest[0]) ?? -1
            guard rest.count <= 1, (0...600_000).contains(milliseconds) else {
                throw FaultError("slow takes milliseconds from 0 to 600000")
            }
            pageDelay = .milliseconds(milliseconds)
            return "each page takes \(milliseconds) ms longer"
        case ("silent", []):
            isSilent = true
            return "the scanner takes requests and does not answer"
        case ("busy", []):
            mechanism.isBusy = true
            return "the scanner serves somebody else"
        default:
            throw FaultError.unknown(words, known: faultNames)
        }
    }

    private static func after(_ words: [String]) throws -> Int? {
        if words.isEmpty { return nil }
        guard words.count == 2, words[0] == "--after", let pages = Int(words[1]), (0...1000).contains(pages) else {
            throw FaultError("write --after PAGES, from 0 to 1000")
        }
        return pages
    }

    private static func sheets(_ names: [String]) throws -> [PaperSheet] {
        if names.isEmpty { return PaperSheet.applicantPapers }
        guard names.count <= 100 else { throw FaultError("the feeder holds 100 sheets") }
        return try names.map { name in
            guard let sheet = PaperSheet(name: name) else {
                throw FaultError("no sheet \(name); known: \(PaperSheet.names.joined(separator: ", "))")
            }
            return sheet
        }
    }
}
