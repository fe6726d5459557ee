import Foundation

/// The lines that kioskctl and kioskd exchange: UTF-8 JSON, one object a line, at most `lineLimit` bytes.
public enum ControlWire {
    public static let lineLimit = 1 << 20

    struct Head: Codable {
        var command: String
    }

    struct Call<Command: ControlCommand>: Codable {
        var command: String
        var arguments: Command
    }

    struct Answer<Reply: Codable>: Codable {
        var result: Reply?
        var fault: ControlFault?
    }

    static func encode(_ value: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(value)) + [UInt8(ascii: "\n")]
    }

    static func decode<Value: Decodable>(_ type: Value.Type, from line: [UInt8]) throws -> Value {
        try JSONDecoder().decode(type, from: Data(line))
    }

    /// Answers one line by the service. Never throws: whatever goes wrong is the answer.
    static func answer(_ line: [UInt8], by service: any ControlService) async -> [UInt8] {
        do {
            let head: Head
            do {
                head = try decode(Head.self, from: line)
            } catch {
                throw ControlFault(
                    code: "bad-request", message: "The line is not a command of kioskctl.",
                    remedy: "Use the kioskctl that came with this kioskd.")
            }
            return try await answer(head.command, line, by: service)
        } catch let fault as ControlFault {
            return encodeFault(fault)
        } catch {
            return encodeFault(
                ControlFault(code: "failed", message: "\(error)", remedy: "See the log: journalctl -u kioskd."))
        }
    }

    private static func answer(_ command: String, _ line: [UInt8], by service: any ControlService) async throws
        -> [UInt8]
    {
        switch command {
        case StatusCommand.name: try result(try await service.status())
        case DevicesCommand.name: try result(try await service.devices())
        case CardReadCommand.name: try result(try await service.readCard(try arguments(of: line)))
        case CardTraceCommand.name: try result(try await service.traceCard(try arguments(of: line)))
        case TicketTestCommand.name: try result(try await service.testTicket())
        case TicketReprintCommand.name: try result(try await service.reprint(try arguments(of: line)))
        case PrinterStatusCommand.name: try result(try await service.printerStatus())
        case PrinterTraceCommand.name: try result(try await service.tracePrinter(try arguments(of: line)))
        case PaperResetCommand.name: try result(try await service.resetPaper(try arguments(of: line)))
        case ScannerStatusCommand.name: try result(try await service.scannerStatus())
        case ScanTestCommand.name: try result(try await service.testScan(try arguments(of: line)))
        case ScanDocumentCommand.name: try result(try await service.scanDocument(try arguments(of: line)))
        case ScanFetchCommand.name: try result(try await service.fetchScan(try arguments(of: line)))
        case QueueListCommand.name: try result(try await service.listQueue())
        case QueueSettleCommand.name: try result(try await service.settle(try arguments(of: line)))
        case OutboxRetryCommand.name: try result(try await service.retryOutbox(try arguments(of: line)))
        case OutboxListCommand.name: try result(try await service.listOutbox())
        case DoctorCommand.name: try result(try await service.doctor())
        default:
            throw ControlFault(
                code: "unknown-command", message: "kioskd does not know the command \(command.prefix(40)).",
                remedy: "Use the kioskctl that came with this kioskd.")
        }
    }

    private static func arguments<Command: ControlCommand>(of line: [UInt8]) throws -> Command {
        do {
            return try decode(Call<Command>.self, from: line).arguments
        } catch {
            throw ControlFault(
                code: "bad-request", message: "The arguments of \(Command.name) do not fit.",
                remedy: "Use the kioskctl that came with this kioskd.")
        }
    }

    private static func result(_ reply: some Codable) throws -> [UInt8] {
        try encode(Answer(result: reply, fault: nil))
    }

    static func encodeFault(_ fault: ControlFault) -> [UInt8] {
        do {
            return try encode(Answer<ControlFault>(result: nil, fault: fault))
        } catch {
            return Array(#"{"fault":{"code":"failed","message":"not encodable","remedy":"See the log."}}"#.utf8) + [10]
        }
    }
}
