import Foundation
import Logging
import USB

/// A virtual ESC/POS printer on USB printer class 7, protocol 2.
///
/// It interprets what it receives, prints on a virtual roll and writes each slip as `ticket-NNNN.png` at the cut (what
/// somebody tears off to change the roll as `torn-NNNN.png`). While it is offline its buffer fills; when it is full a transfer does not complete, as a real printer answers NAK.
public actor TicketPrinterDevice: VirtualUSBDevice {
    public nonisolated let descriptors: USBDescriptorSet
    public nonisolated let model: PrinterModel
    private let directory: URL?
    private let logger: Logger

    private var state = PrinterState()
    private var interpreter = ESCPOSInterpreter()
    private var roll: PaperRoll
    private var line: [UInt8] = []
    private var automaticMask: UInt8 = 0
    private var output: [UInt8] = []
    private var isSilent = false
    private var stallsLeft = 0
    private var coverOpensAfter: Int?
    /// The last number given to a slip, torn or cut.
    private var written: [Bool: Int]
    /// Transfers of the host that wait for room, and for something to say.
    private let room = WakeUp()
    private let speech = WakeUp()

    /// Slips in the tray, in the order in which they fell.
    public private(set) var slips: [PaperSlip] = []
    /// Commands that the interpreter did not know.
    public private(set) var unknownCommands: [[UInt8]] = []
    /// Bytes received and not worked off.
    public var bufferedBytes: Int { interpreter.buffered }

    /// - Parameter directory: where slips are written; it is made when it is not there. nil keeps them in memory only.
    public init(
        directory: URL? = nil, model: PrinterModel = .standard, logger: Logger = Logger(label: "sim-printer")
    ) {
        self.directory = directory
        self.model = model
        self.logger = logger
        self.descriptors = Self.descriptors(of: model)
        self.roll = PaperRoll(width: model.width)
        self.written = directory.map(Self.numbers) ?? [:]
    }

    // MARK: VirtualUSBDevice

    public func control(_ setup: USBSetup, data: [UInt8]) throws -> [UInt8] {
        switch (setup.requestType, setup.request) {
        case (0xA1, 0):
            let text = [UInt8](
                "MFG:\(model.manufacturer);CMD:ESC/POS;MDL:\(model.name);CLS:PRINTER;SN:\(model.serial);".utf8)
            let length = text.count + 2
            return [UInt8](([UInt8(length >> 8), UInt8(length & 0xFF)] + text).prefix(Int(setup.length)))
        case (0xA1, 1): return [state.port]
        case (0x21, 2), (0x23, 2):
            guard model.hasSoftReset else { throw USBStall() }
            forgetAll()
            return []
        default: throw USBStall()
        }
    }

    public func receive(endpoint: UInt8, _ bytes: [UInt8]) async throws {
        guard endpoint == Self.outEndpoint else { throw USBStall() }
        if stallsLeft > 0 {
            stallsLeft -= 1
            throw USBStall()
        }
        // All or nothing, so that a transfer that is taken back has left nothing behind.
        while interpreter.buffered >= model.bufferSize { try await room.wait(after: room.count) }
        for request in interpreter.receive(bytes) { say([state.realTime(request)]) }
        work()
    }

    public func send(endpoint: UInt8, maximum: Int) async throws -> [UInt8] {
        guard endpoint == Self.inEndpoint else { throw USBStall() }
        while output.isEmpty { try await speech.wait(after: speech.count) }
        let sent = [UInt8](output.prefix(maximum))
        output.removeFirst(sent.count)
        return sent
    }

    public func reset() {
        forgetAll()
        automaticMask = 0
        stallsLeft = 0
    }

    // MARK: What people do to it

    /// Changes the sensors; tells the host if it wants to know, and goes on printing if that is possible now.
    func change(_ body: (inout PrinterState) -> Void) {
        let before = state
        body(&state)
        if state.hasPaper, !before.hasPaper {
            dropSlip(isTorn: true)
            roll.remaining = nil
            if !model.keepsJobOnReload { forgetBuffer() }
        }
        guard state != before else { return }
        reportChange()
        work()
    }

    /// The roll ends after so many more rows.
    public func endRoll(afterRows rows: Int) {
        roll.remaining = max(0, rows)
        if rows <= 0 { change { $0.hasPaper = false } }
    }

    /// Somebody opens the cover when so many more rows are printed.
    public func openCover(afterRows rows: Int) { coverOpensAfter = max(1, rows) }

    func stallNextTransfer() { stallsLeft = 1 }

    func setSilent(_ silent: Bool) {
        isSilent = silent
        if silent { output = [] }
    }

    /// Bytes that the host did not ask for.
    public func babble(_ bytes: [UInt8]) { say(bytes) }

    // MARK: The mechanism

    private func work() {
        while state.isOnline, let operation = interpreter.next() { perform(operation) }
        if interpreter.buffered < model.bufferSize { room.raise() }
    }

    private func perform(_ operation: ESCPOSInterpreter.Operation) {
        switch operation {
        case .initialise:
            line = []
            automaticMask = 0
        case .row(let dots): advance { $0.print(dots) }
        case .feed(let rows):
            printLine()
            for _ in 0..<rows { advance { $0.feed() } }
        case .text(let bytes): line += bytes
        case .newLine:
            if line.isEmpty { for _ in 0..<ESCPOSInterpreter.lineHeight { advance { $0.feed() } } }
            printLine()
        case .align: break
        case .cut(let rows):
            printLine()
            cut(feeding: rows)
        case .automaticStatus(let mask):
            automaticMask = model.hasAutomaticStatus ? mask : 0
            if automaticMask != 0 { say(state.automatic) }
        case .transmitStatus(let n): if model.hasStatusRequest, n == 1 || n == 49 { say([state.paperSensor]) }
        case .processID(let id): if model.hasFence { say([0x37, 0x22] + id + [0]) }
        case .unknown(let bytes):
            unknownCommands.append(bytes)
            logger.notice("Unknown command", metadata: ["bytes": "\(bytes)"])
        }
    }

    /// Moves the paper, and notices its end.
    private func advance(_ body: (inout PaperRoll) -> Void) {
        body(&roll)
        if let rows = coverOpensAfter {
            coverOpensAfter = rows > 1 ? rows - 1 : nil
            if rows == 1 {
                state.isCoverOpen = true
                reportChange()
            }
        }
        if roll.isUsedUp, state.hasPaper {
            state.hasPaper = false
            reportChange()
        }
    }

    private func printLine() {
        guard !line.isEmpty else { return }
        for row in LineText.rows(line, width: model.width) { advance { $0.print(row) } }
        line = []
    }

    private func cut(feeding rows: Int) {
        for _ in 0..<rows { advance { $0.feed() } }
        dropSlip(isTorn: false)
    }

    /// What hangs out falls into the tray.
    private func dropSlip(isTorn: Bool) {
        let rows = roll.cut()
        guard !rows.isEmpty else { return }
        let number = written[isTorn, default: 0] + 1
        written[isTorn] = number
        var slip = PaperSlip(number: number, width: model.width, rows: rows, isTorn: isTorn)
        if let directory {
            let digits = String(number)
            let padded = String(repeating: "0", count: max(0, 4 - digits.count)) + digits
            let file = directory.appending(path: Self.prefix(isTorn) + padded + ".png")
            do {
                try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
                try slip.write(to: file)
                slip.file = file
            } catch {
                logger.error("The slip was not written: \(error)")
            }
        }
        slips.append(slip)
    }

    private static func prefix(_ isTorn: Bool) -> String { isTorn ? "torn-" : "ticket-" }

    /// The highest numbers of slips that an earlier run left: paper is never written over.
    private static func numbers(in directory: URL) -> [Bool: Int] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory.path)) ?? []
        return Dictionary(
            uniqueKeysWithValues: [true, false].map { isTorn in
                let found = names.filter { $0.hasPrefix(prefix(isTorn)) && $0.hasSuffix(".png") }
                    .compactMap { Int($0.dropFirst(prefix(isTorn).count).dropLast(4)) }
                return (isTorn, found.max() ?? 0)
            })
    }

    // MARK: Answers

    private func say(_ bytes: [UInt8]) {
        guard !isSilent else { return }
        // A host that does not listen loses the oldest: no printer keeps more.
        output = (output + bytes).suffix(512)
        speech.raise()
    }

    private func reportChange() {
        if automaticMask != 0 { say(state.automatic) }
    }

    private func forgetBuffer() {
        interpreter = ESCPOSInterpreter()
        line = []
        room.raise()
    }

    private func forgetAll() {
        forgetBuffer()
        output = []
    }
}
