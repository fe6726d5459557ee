import Foundation
import Peripherals

/// What a worker program says to a job: one line of JSON on its standard output, after the job's number. One that ends
/// without an answer has crashed.
///
/// It names no files: whoever asked knows them.
public enum PageAnswer: Sendable, Equatable, Codable {
    /// Pixels, and dots per inch.
    case prepared(width: Int, height: Int, resolution: Int, findings: [PageFinding], codes: [PageCode])
    case recognised(text: String, confidence: Int)
    case written
    case failed(code: String, message: String)

    /// Bytes of the longest line that is read: the text of a page, and its codes.
    public static let lengthLimit = 1 << 20
    /// Pixels along a side.
    static let sideLimit = 40_000
    static let resolutions = 50...1200
    static let codeLimit = 64
    static let textLimit = 200_000

    /// - Returns: nil for anything that is no answer within its bounds.
    public init?(line: String) {
        guard line.utf8.count <= Self.lengthLimit,
            let answer = try? JSONDecoder().decode(PageAnswer.self, from: Data(line.utf8)), answer.isWithinBounds
        else { return nil }
        self = answer
    }

    public init(_ error: PageError) {
        self =
            switch error {
            case .badPicture(let message), .failed(let message): .failed(code: error.code, message: message)
            case .diskFull, .timedOut, .cancelled: .failed(code: error.code, message: "")
            }
    }

    /// The answer as one line, without the line feed.
    public func line() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }

    func isAnswer(to job: PageJob) -> Bool {
        switch (self, job) {
        case (.prepared, .prepare), (.recognised, .recognise), (.written, .write), (.failed, _): true
        default: false
        }
    }

    /// What a failed job means; nil when it went well.
    var error: PageError? {
        guard case .failed(let code, let message) = self else { return nil }
        let told = String(message.prefix(500))
        return switch code {
        case "bad-picture": .badPicture(told)
        case "disk-full": .diskFull
        case "timed-out": .timedOut
        case "cancelled": .cancelled
        default: .failed(told)
        }
    }

    private var isWithinBounds: Bool {
        switch self {
        case .prepared(let width, let height, let resolution, let findings, let codes):
            (1...Self.sideLimit).contains(width) && (1...Self.sideLimit).contains(height)
                && Self.resolutions.contains(resolution) && findings.count <= PageFinding.allCases.count
                && codes.count <= Self.codeLimit && codes.allSatisfy { $0.text.utf8.count <= PageCode.textLimit }
        case .recognised(let text, let confidence):
            text.utf8.count <= Self.textLimit && (0...100).contains(confidence)
        case .written, .failed: true
        }
    }
}
