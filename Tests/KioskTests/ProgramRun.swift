import Foundation
import Subprocess

/// What a program that was built with the tests answered.
struct ProgramRun: Sendable {
    var status: Int
    var output: Data
    var errors: String

    var text: String { String(decoding: output, as: UTF8.self) }

    static func run(_ program: String, _ arguments: [String]) async throws -> ProgramRun {
        let result = try await Subprocess.run(
            .path(.init(Repository.program(program).path)), arguments: Arguments(arguments),
            output: .data(limit: 8 << 20), error: .string(limit: 1 << 20))
        let status: Int =
            switch result.terminationStatus {
            case .exited(let code): Int(code)
            case .signaled(let signal): 128 + Int(signal)
            }
        return ProgramRun(status: status, output: result.standardOutput, errors: result.standardError)
    }
}
