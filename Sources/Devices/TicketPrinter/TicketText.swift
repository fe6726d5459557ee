import Foundation
import Peripherals

/// A ticket's texts on their way into Pango markup: bounded, composed, and never taken for markup.
enum TicketText {
    /// Characters of one field at most, and their bytes: a letter may carry any number of marks.
    static let mostCharacters = 400
    static let mostBytes = 4 * mostCharacters

    /// The markup with the ticket's fields filled in; empty when every field in it is.
    ///
    /// So "Ticket for {className}" vanishes with its class, and a text without fields always stands.
    static func markup(_ text: String, _ ticket: TicketContent, characters: Int = mostCharacters) -> String {
        var result = ""
        var (hasFields, isFilled) = (false, false)
        for (index, part) in text.split(separator: "{", omittingEmptySubsequences: false).enumerated() {
            guard index > 0, let end = part.firstIndex(of: "}") else {
                result += part
                continue
            }
            let value = plain(value(of: part[..<end], in: ticket), characters: characters)
            hasFields = true
            isFilled = isFilled || !value.isEmpty
            result += escaped(value) + part[part.index(after: end)...]
        }
        return hasFields && !isFilled ? "" : result
    }

    /// What can stand on paper: composed (so that fonts find the whole letter), without control characters, cut between
    /// letters.
    static func plain(_ text: String, characters: Int = mostCharacters) -> String {
        var result = ""
        var bytes = 0
        for character in text.prefix(characters) {
            bytes += character.utf8.count
            guard bytes <= mostBytes else { break }
            // A line break is the only control character that means something here.
            if character.unicodeScalars.contains(where: { $0.properties.generalCategory == .control && $0 != "\n" }) {
                continue
            }
            result.append(character)
        }
        return result.precomposedStringWithCanonicalMapping
    }

    static func escaped(_ text: String) -> String {
        guard text.utf8.contains(where: { "&<>\"'".utf8.contains($0) }) else { return text }
        var result = ""
        for character in text.unicodeScalars {
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default: result.unicodeScalars.append(character)
            }
        }
        return result
    }

    private static func value(of field: Substring, in ticket: TicketContent) -> String {
        switch field {
        case "hall": ticket.hall
        case "number": ticket.number
        case "className": ticket.className
        case "procedure": ticket.procedure
        case "issuedAt": ticket.issuedAt
        case "reprintMark": ticket.reprintMark ?? ""
        case "qr": ticket.qr
        default: ""
        }
    }
}
