extension TicketPrinterDevice: FaultTarget {
    public nonisolated var faultNames: [String] {
        [
            "paper-out [--after-rows N]", "paper-in", "near-end", "cover-open [--after-rows N]", "cover-close",
            "cutter-jam", "cutter-clear", "stall", "silent", "answering",
        ]
    }

    public func apply(_ words: [String]) throws -> String {
        let rest = [String](words.dropFirst())
        switch (words.first, rest.count) {
        case ("paper-out", 0):
            change { $0.hasPaper = false }
            return "The roll is used up."
        case ("paper-out", 2) where rest[0] == "--after-rows":
            let rows = try Self.rows(rest[1])
            endRoll(afterRows: rows)
            return "The roll ends after \(rows) rows."
        case ("paper-in", 0):
            change { ($0.hasPaper, $0.isNearEnd) = (true, false) }
            return "A new roll is in."
        case ("near-end", 0):
            change { $0.isNearEnd = true }
            return "The roll ends soon."
        case ("cover-open", 0):
            change { $0.isCoverOpen = true }
            return "The cover is open."
        case ("cover-open", 2) where rest[0] == "--after-rows":
            let rows = try Self.rows(rest[1])
            openCover(afterRows: rows)
            return "The cover opens after \(rows) rows."
        case ("cover-close", 0):
            change { $0.isCoverOpen = false }
            return "The cover is closed."
        case ("cutter-jam", 0):
            change { $0.isCutterJammed = true }
            return "The cutter is jammed."
        case ("cutter-clear", 0):
            change { $0.isCutterJammed = false }
            return "The cutter is free."
        case ("stall", 0):
            stallNextTransfer()
            return "The next transfer to the printer stalls."
        case ("silent", 0):
            setSilent(true)
            return "The printer prints, and answers nothing."
        case ("answering", 0):
            setSilent(false)
            return "The printer answers again."
        default: throw FaultError.unknown(words, known: faultNames)
        }
    }

    private static func rows(_ word: String) throws -> Int {
        guard let rows = Int(word), (0...1_000_000).contains(rows) else {
            throw FaultError("--after-rows wants a number of rows, for example 400")
        }
        return rows
    }
}
