/// What the daemon does for a technician. Every method may take as long as its device takes.
public protocol ControlService: Sendable {
    func status() async throws -> StatusCommand.Reply
    func devices() async throws -> DevicesCommand.Reply
    func readCard(_ command: CardReadCommand) async throws -> CardReadCommand.Reply
    func traceCard(_ command: CardTraceCommand) async throws -> CardTraceCommand.Reply
    func testTicket() async throws -> TicketTestCommand.Reply
    func reprint(_ command: TicketReprintCommand) async throws -> TicketReprintCommand.Reply
    func printerStatus() async throws -> PrinterStatusCommand.Reply
    func tracePrinter(_ command: PrinterTraceCommand) async throws -> PrinterTraceCommand.Reply
    func resetPaper(_ command: PaperResetCommand) async throws -> PaperResetCommand.Reply
    func scannerStatus() async throws -> ScannerStatusCommand.Reply
    func testScan(_ command: ScanTestCommand) async throws -> ScanTestCommand.Reply
    func scanDocument(_ command: ScanDocumentCommand) async throws -> ScanDocumentCommand.Reply
    func fetchScan(_ command: ScanFetchCommand) async throws -> ScanFetchCommand.Reply
    func listQueue() async throws -> QueueListCommand.Reply
    func settle(_ command: QueueSettleCommand) async throws -> QueueSettleCommand.Reply
    func retryOutbox(_ command: OutboxRetryCommand) async throws -> OutboxRetryCommand.Reply
    func listOutbox() async throws -> OutboxListCommand.Reply
    func doctor() async throws -> DoctorCommand.Reply
}
