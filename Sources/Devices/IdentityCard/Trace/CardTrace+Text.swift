import CardCryptography
import Foundation
import SmartCard

extension CardTrace {
    public enum Failure: Error, Sendable, Equatable {
        case tooLong
        /// Counted from 1.
        case line(Int, String)
        case incomplete
        /// Written by another version of this format.
        case format(Int)
    }

    /// A reading has a few hundred exchanges.
    static let eventLimit = 20_000
    static let textLimit = 32 << 20

    public func text() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let end = Line(kind: .end, outcome: outcome, replays: replays)
        return try ([Line(kind: .header, header: header)] + events.map(Line.init) + [end])
            .map { String(decoding: try encoder.encode($0), as: UTF8.self) + "\n" }.joined()
    }

    public init(text: String) throws(Failure) {
        guard text.utf8.count <= Self.textLimit else { throw .tooLong }
        let texts = text.split(separator: "\n")
        guard texts.count <= Self.eventLimit + 2 else { throw .tooLong }
        let decoder = JSONDecoder()
        var lines: [Line] = []
        for (index, text) in texts.enumerated() {
            do {
                lines.append(try decoder.decode(Line.self, from: Data(text.utf8)))
            } catch {
                throw .line(index + 1, "is not a line of a card trace")
            }
        }
        guard lines.count >= 2, let header = lines.first?.header, let end = lines.last, let outcome = end.outcome else {
            throw .incomplete
        }
        guard header.format == 1 else { throw .format(header.format) }
        self.header = header
        self.outcome = outcome
        replays = end.replays ?? false
        events = []
        for (index, line) in lines.enumerated().dropFirst().dropLast() {
            guard let event = line.event else { throw .line(index + 1, "says nothing that is known") }
            events.append(event)
        }
    }

    /// One line of the text; which fields it has is told by `kind`.
    fileprivate struct Line: Codable {
        enum Kind: String, Codable { case header, exchange, run, reset, end }

        var kind: Kind
        var header: Header?
        /// Milliseconds since the reading began.
        var at: Double?
        var took: Double?
        var protected: Bool?
        var command: String?
        var response: String?
        var status: String?
        /// Where there is no proper answer: what happened instead.
        var failure: String?
        var detail: String?
        var transmissions: Int?
        var bytes: Int?
        var name: String?
        var result: String?
        var cipher: String?
        var outcome: Outcome?
        var replays: Bool?
    }
}

extension CardTrace.Line {
    private static let sessionLost = "session-lost"
    private static let brokenProtection = "broken-protection"
    private static let unusable = "unusable"

    init(_ event: CardTraceEvent) {
        switch event {
        case .exchange(let traced):
            let exchange = traced.exchange
            self.init(
                kind: .exchange, at: Self.milliseconds(exchange.began), took: Self.milliseconds(exchange.took),
                protected: exchange.isProtected, command: HexText.encode(exchange.command.bytes),
                transmissions: traced.transmissions, bytes: traced.bytes)
            switch exchange.outcome {
            case .answered(let answer): (response, status) = (HexText.encode(answer.data), answer.status.description)
            case .sessionLost(let lost): (failure, status) = (Self.sessionLost, lost.description)
            case .unprotectable(let what): (failure, detail) = (Self.brokenProtection, what)
            case .unusable(let what): (failure, detail) = (Self.unusable, what)
            case .failed(let error): (failure, detail) = error.words
            }
        case .run(let run):
            self.init(kind: .run, name: run.name, result: run.outcome, cipher: run.cipher?.word)
        case .reset(let error):
            self.init(kind: .reset, failure: error?.words.0, detail: error?.words.1)
        }
    }

    var event: CardTraceEvent? {
        switch kind {
        case .exchange: exchange.map(CardTraceEvent.exchange)
        case .run:
            name.flatMap { name in
                result.map { .run(CardProtocolRun(name, outcome: $0, cipher: cipher.flatMap(CardCipher.init(word:)))) }
            }
        case .reset: .reset(failure.flatMap { SmartCardError(words: ($0, detail)) })
        case .header, .end: nil
        }
    }

    private var exchange: TracedExchange? {
        guard let command = command.flatMap(HexText.decode).flatMap(APDU.Command.init(bytes:)),
            let outcome = exchangeOutcome
        else { return nil }
        return TracedExchange(
            CardExchange(
                command: command, outcome: outcome, isProtected: protected ?? false,
                began: Self.duration(at), took: Self.duration(took)), transmissions: transmissions ?? 1,
            bytes: bytes ?? 0)
    }

    private var exchangeOutcome: CardExchange.Outcome? {
        let word = status.flatMap { UInt16($0, radix: 16) }.map { APDU.StatusWord($0) }
        switch failure {
        case nil:
            guard let word, let data = HexText.decode(response ?? "") else { return nil }
            return .answered(APDU.Response(data: data, status: word))
        case Self.sessionLost: return word.map { .sessionLost($0) }
        case Self.brokenProtection: return .unprotectable(detail ?? "")
        case Self.unusable: return .unusable(detail ?? "")
        case let other?: return SmartCardError(words: (other, detail)).map { .failed($0) }
        }
    }

    private static func milliseconds(_ duration: Duration) -> Double { (duration / .microseconds(1)).rounded() / 1000 }

    private static func duration(_ milliseconds: Double?) -> Duration {
        // A day is more than any reading takes.
        .microseconds(min(max(milliseconds ?? 0, 0), 86_400_000) * 1000)
    }
}

extension SmartCardError {
    /// Stable word and detail.
    fileprivate var words: (String, String?) {
        switch self {
        case .noCard: ("no-card", nil)
        case .removed: ("removed", nil)
        case .mute: ("mute", nil)
        case .readerGone: ("reader-gone", nil)
        case .busy(let holder): ("busy", holder)
        case .accessDenied(let what): ("access-denied", what)
        case .notSupported(let what): ("not-supported", what)
        case .timedOut: ("timed-out", nil)
        case .reader(let what): ("reader", what)
        case .cancelled: ("cancelled", nil)
        }
    }

    fileprivate init?(words: (String, String?)) {
        switch words.0 {
        case "no-card": self = .noCard
        case "removed": self = .removed
        case "mute": self = .mute
        case "reader-gone": self = .readerGone
        case "busy": self = .busy(words.1)
        case "access-denied": self = .accessDenied(words.1 ?? "")
        case "not-supported": self = .notSupported(words.1 ?? "")
        case "timed-out": self = .timedOut
        case "reader": self = .reader(words.1 ?? "")
        case "cancelled": self = .cancelled
        default: return nil
        }
    }
}

extension CardCipher {
    fileprivate var word: String {
        switch self {
        case .tripleDES: "3DES"
        case .aes128: "AES-128"
        case .aes192: "AES-192"
        case .aes256: "AES-256"
        }
    }

    fileprivate init?(word: String) {
        guard let cipher = Self.allCases.first(where: { $0.word == word }) else { return nil }
        self = cipher
    }
}

extension APDU.Command {
    /// From its bytes (ISO/IEC 7816-4, 5.2), the cases 1 to 4 in short and extended form; nil for anything else.
    init?(bytes: [UInt8]) {
        guard bytes.count >= 4 else { return nil }
        self.init(cla: bytes[0], ins: bytes[1], p1: bytes[2], p2: bytes[3])
        let body = bytes.dropFirst(4)
        guard let first = body.first else { return }
        func word(_ at: Int) -> Int { Int(bytes[at]) << 8 | Int(bytes[at + 1]) }
        let isExtended = first == 0 && body.count >= 3
        let (lengthField, lengthOfLe) = isExtended ? (3, 2) : (1, 1)
        func expected(_ at: Int) -> Int {
            if isExtended { return word(at) == 0 ? 65_536 : word(at) }
            return bytes[at] == 0 ? 256 : Int(bytes[at])
        }
        if body.count == lengthField {
            le = expected(isExtended ? 5 : 4)
            return
        }
        let length = isExtended ? word(5) : Int(first)
        let end = 4 + lengthField + length
        guard length > 0, bytes.count == end || bytes.count == end + lengthOfLe else { return nil }
        data = Array(bytes[(4 + lengthField)..<end])
        if bytes.count > end { le = expected(end) }
    }
}
