extension TicketPrinterDevice: FaultTarget {
    public nonisolated var faultNames: [String] {
        PrinterEvent.allCases.map(\.rawValue) + [
            "stall", "NAME --after-rows N", "NAME --after-bytes N", "NAME --before-cut", "NAME --after-cut",
        ]
    }

    public func apply(_ words: [String]) throws -> String {
        if words == ["stall"] {
            stallNextTransfer()
            return "The next transfer to the printer stalls."
        }
        guard let event = words.first.flatMap({ PrinterEvent(rawValue: $0) }) else {
            throw FaultError.unknown(words, known: faultNames)
        }
        guard words.count > 1 else {
            apply(event)
            return event.text
        }
        let rest = [String](words.dropFirst())
        apply(event, try PrinterMoment(rest))
        return "\(rest.joined(separator: " ").dropFirst(2)): \(event.text)"
    }
}
