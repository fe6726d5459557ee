import Foundation
import Peripherals

/// What a worker program is asked to do: one line of JSON on its standard input, after the job's number. The input stays open as
/// a leash: when the daemon dies, it ends and the work with it.
public enum PageJob: Sendable, Equatable, Codable {
    case prepare(page: ScannedPage, file: URL)
    case recognise(page: ScannedPage, layer: URL)
    case write(pages: [DocumentPage], metadata: DocumentMetadata, file: URL)

    /// Bytes of the longest line that is read.
    public static let lengthLimit = 4 << 20

    /// - Returns: nil for anything that is no job.
    public init?(line: String) {
        guard line.utf8.count <= Self.lengthLimit,
            let job = try? JSONDecoder().decode(PageJob.self, from: Data(line.utf8))
        else { return nil }
        self = job
    }

    /// The job as one line, without the line feed.
    public func line() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
}
