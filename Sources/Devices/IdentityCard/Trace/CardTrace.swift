import CardCryptography
import Foundation
import Peripherals
import SmartCard

/// A reading as a technician reports it: every command and answer with its time, in a text that `replay` runs again without a
/// card. Personal data is masked unless somebody asked for it.
///
/// The text is JSON lines: one `header`, then `exchange`, `run` and `reset` in order, then one `end`. See the room's README.
public struct CardTrace: Sendable, Equatable {
    public struct Header: Sendable, Equatable, Codable {
        /// The version of this format.
        public var format = 1
        public var kioskVersion: String
        /// ISO 8601.
        public var time: String
        /// Maker and model of the reader.
        public var reader: String
        /// Of contactless cards the reader makes it up from the ATS (PC/SC part 3, 3.1.3.2.3).
        public var answerToReset: String
        public var maximumCommandLength: Int
        public var key: Key
        public var needs: [String]
        public var masked: Bool
    }

    /// What the key was, without its secret.
    public struct Key: Sendable, Equatable, Codable {
        public var access: String
        /// How many inputs of basic access control it gives.
        public var basicAccessInputs: Int
        /// The number that the chip must have; neutral when masked.
        public var number: String?
    }

    /// How a reading ended.
    public struct Outcome: Sendable, Equatable, Codable {
        /// nil: finished.
        public var error: String?
        /// For the technician: the step and the status.
        public var detail: String?
        public var access: String?
        /// Data groups that were read.
        public var groups: [Int] = []
        /// As they were reached with the real data; nothing computes them from a masked trace.
        public var verdicts: CardVerdicts?

        /// What a replay can tell.
        var comparable: Outcome {
            var outcome = self
            outcome.verdicts = nil
            return outcome
        }
    }

    public var header: Header
    public var events: [CardTraceEvent]
    public var outcome: Outcome
    /// Whether a replay of the events gives the same outcome, tried when the trace was written.
    public var replays: Bool
}

extension CardTrace.Outcome {
    init(_ result: Result<CardReadResult, CardReadError>) {
        switch result {
        case .success(let result):
            self.init(
                access: result.access.rawValue, groups: result.groups.keys.sorted(), verdicts: result.verdicts)
        case .failure(let error):
            self.init(error: error.code)
            switch error {
            case .unreadable(let what), .readerFault(let what): detail = what
            default: break
            }
        }
    }

    /// One line for people.
    public var summary: String {
        guard let error else {
            return "finished by \(access ?? "?"), data groups \(groups.map(String.init).joined(separator: ", "))"
        }
        return "failed: \(error)" + (detail.map { " (\($0))" } ?? "")
    }
}
