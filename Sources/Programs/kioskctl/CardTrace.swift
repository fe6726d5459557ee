import ArgumentParser
import Control
import Foundation
import IdentityCard
import Peripherals

extension Card {
    struct Trace: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Reads the card as `card read` does and writes every command with its time into a file.",
            discussion: """
                Names, numbers, days, the photograph and all keys are masked; lengths, tags and statuses stay. Send the \
                file to whoever looks after the software: `kioskctl card replay` runs it again without a card.
                """)
        @OptionGroup var daemon: DaemonOptions
        @OptionGroup var key: CardKeyOptions
        @Argument(help: "The file, which must not exist yet; by default card-trace-TIME.jsonl here.") var file: String?
        @Flag(help: "Leave the person's data in the file. Only with their consent; delete it afterwards.")
        var unmasked = false

        func run() async throws {
            if !daemon.json { key.announce() }
            let reply = try await daemon.client.ask(CardTraceCommand(key: key.command, unmasked: unmasked))
            let file = file ?? Self.name(of: Date())
            try PrivateFile.write(reply.text, to: file)
            if unmasked {
                FileHandle.standardError.write(
                    Data("! \(file) holds this person's data and photograph unmasked. Delete it after use.\n".utf8))
            }
            if daemon.json {
                try Output.json(Written(file: file, masked: !unmasked, outcome: reply.summary, replays: reply.replays))
            } else {
                print("\(Output.mark(reply.isRead)) \(reply.summary)")
                print("  \(file)" + (unmasked ? "" : ", without personal data"))
                if !reply.replays {
                    print("  A replay does not end as the reading did: masking hides what matters. Ask for --unmasked.")
                }
            }
            if !reply.isRead { throw ExitCode(ExitStatus.fault) }
        }

        private struct Written: Encodable {
            var file: String
            var masked: Bool
            var outcome: String
            var replays: Bool
        }

        /// `card-trace-20261125T081500Z.jsonl`
        private static func name(of time: Date) -> String {
            let stamp = time.formatted(.iso8601).replacing("-", with: "").replacing(":", with: "")
            return "card-trace-\(stamp).jsonl"
        }
    }

    struct Replay: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Runs a file of `card trace` again, without hardware, and compares how it ends.")
        @Argument(help: "A file that `kioskctl card trace` wrote.") var file: String
        @Flag(help: "Answer as one JSON object.") var json = false

        private static let sizeLimit = 32 << 20

        func run() async throws {
            let trace = try Self.read(file)
            let replay = await trace.replay()
            if json {
                try Output.json(Report(replay))
            } else {
                Output.table(
                    replay.steps.map {
                        [
                            $0.name, String(format: "%8.1f ms", $0.duration / .milliseconds(1)),
                            "\($0.commands) command\($0.commands == 1 ? "" : "s")",
                            "\($0.bytes) bytes",
                        ]
                    })
                print("recorded: \(replay.recorded.summary)")
                print("replayed: \(replay.outcome.summary)")
                if let missing = replay.missing {
                    print("This version asks for something that the trace does not hold: \(missing).")
                }
                print("\(Output.mark(replay.isSame)) \(replay.isSame ? "the same outcome" : "another outcome")")
            }
            if !replay.isSame { throw ExitCode(ExitStatus.fault) }
        }

        private static func read(_ file: String) throws -> CardTrace {
            func fault(_ message: String) -> ControlFault {
                ControlFault(
                    code: "bad-trace", message: message, remedy: "Give a file that `kioskctl card trace` wrote.")
            }
            guard let handle = FileHandle(forReadingAtPath: file),
                let data = try? handle.read(upToCount: sizeLimit + 1), data.count <= sizeLimit,
                let text = String(bytes: data, encoding: .utf8)
            else { throw fault("\(file) cannot be read, or is no text.") }
            do throws(CardTrace.Failure) {
                return try CardTrace(text: text)
            } catch {
                switch error {
                case .tooLong: throw fault("\(file) is too long.")
                case .line(let number, let why): throw fault("\(file), line \(number): \(why).")
                case .incomplete: throw fault("\(file) has no beginning or no end.")
                case .format(let version):
                    throw fault("\(file) has format \(version), which this version does not know.")
                }
            }
        }

        private struct Report: Encodable {
            var same: Bool
            var recorded: CardTrace.Outcome
            var replayed: CardTrace.Outcome
            var missing: String?
            var steps: [Step]

            struct Step: Encodable {
                var name: String
                var commands: Int
                var bytes: Int
            }

            init(_ replay: CardReplay) {
                same = replay.isSame
                recorded = replay.recorded
                replayed = replay.outcome
                missing = replay.missing
                steps = replay.steps.map { Step(name: $0.name, commands: $0.commands, bytes: $0.bytes) }
            }
        }
    }
}

/// A file that only its owner may read, from its first byte on.
enum PrivateFile {
    static func write(_ text: String, to path: String) throws {
        let handle = try create(path)
        try handle.write(contentsOf: Data(text.utf8))
        try handle.close()
    }

    /// Makes the file, which must not exist.
    static func create(_ path: String) throws -> FileHandle {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw ControlFault(
                code: "cannot-write", message: "\(path) cannot be written: \(String(cString: strerror(errno))).",
                remedy: "Give another file: an existing one is never overwritten.")
        }
        return FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    }
}
