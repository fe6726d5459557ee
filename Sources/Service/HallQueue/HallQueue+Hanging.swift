import Foundation
import GRDB
import Store

extension HallQueue {
    /// Whether a paper may hang out of the printer: the last one that began to move was not seen to end. To be asked
    /// before the printer's driver starts, so that it cuts it off before the next ticket.
    public func paperMayHangOut() async throws -> Bool {
        try await store.read { database in
            let rows = try Row.fetchAll(
                database,
                compiled: "SELECT name, subject, facts FROM event WHERE name IN (?, ?) ORDER BY id DESC LIMIT 64",
                arguments: [EventName.paperSending.rawValue, EventName.paperEnded.rawValue])
            return PaperStep.mayHangOut(try rows.map(PaperStep.init))
        }
    }
}

/// The beginning or the end of one paper, as the event log tells it.
private struct PaperStep {
    private struct Facts: Decodable {
        var copy: Int
        var outcome: String?
    }

    let ticket: String
    let copy: Int
    /// nil where it began.
    let end: TicketPaper.State?

    init(_ row: Row) throws {
        let facts = try JSONDecoder().decode(Facts.self, from: Data((row["facts"] as String).utf8))
        ticket = row["subject"]
        copy = facts.copy
        end = facts.outcome.flatMap(TicketPaper.State.init(rawValue:))
    }

    /// - Parameter steps: newest first.
    static func mayHangOut(_ steps: [PaperStep]) -> Bool {
        var refused: PaperStep?
        for step in steps {
            switch step.end {
            case .printed, .transmitted: return false
            case .refused: refused = step
            // It began, and not a byte of it went out.
            case nil where step.ticket == refused?.ticket && step.copy == refused?.copy: continue
            case nil, .reserved, .sending, .awaitingProof, .failed: return true
            }
        }
        return false
    }
}
