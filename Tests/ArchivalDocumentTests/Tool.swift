import Foundation
import Subprocess

/// What an independent program says about a file.
enum Tool {
    struct Failure: Error { var text: String }

    /// - Returns: what the program prints; it must end well.
    static func output(of name: String, _ arguments: [String]) async throws -> String {
        let result = try await run(
            .name(name), arguments: Arguments(arguments), output: .string(limit: 4 << 20),
            error: .string(limit: 64 << 10))
        guard result.terminationStatus.isSuccess else { throw Failure(text: result.standardError ?? "") }
        return result.standardOutput ?? ""
    }
}
