import Foundation
import Logging
import USB

/// A virtual ESC/POS printer on USB printer class 7, protocol 2: a `PrinterMechanism` with a cable.
///
/// It interprets what it receives, prints on a virtual roll and writes each slip as `ticket-NNNN.png` at the cut (what
/// somebody tears off to change the roll as `torn-NNNN.png`). While it is offline its buffer fills; when it is full a
/// transfer does not complete, as a real printer answers NAK.
public actor TicketPrinterDevice: VirtualUSBDevice {
    public nonisolated let descriptors: USBDescriptorSet
    public nonisolated let model: PrinterModel
    private let directory: URL?
    private let logger: Logger

    private var mechanism: PrinterMechanism
    private var stallsLeft = 0
    /// Slips and unknown commands that were seen to.
    private var seen = (slips: 0, unknown: 0)
    /// A picture of a slip is being written. Nothing is said before it is there, so that a proof means a picture, too.
    private var isDeveloping = false
    private var whenItLeaves: (@Sendable (PrinterMechanism.Departure) -> Void)?
    /// Transfers of the host that wait for room, and for something to say.
    private let room = WakeUp()
    private let speech = WakeUp()

    /// Slips in the tray, in the order in which they fell.
    public var slips: [PaperSlip] { mechanism.slips }
    /// Commands that the interpreter did not know.
    public var unknownCommands: [[UInt8]] { mechanism.unknownCommands }
    /// Bytes received and not worked off.
    public var bufferedBytes: Int { mechanism.bufferedBytes }

    /// - Parameter directory: where slips are written; it is made when it is not there. nil keeps them in memory only.
    public init(
        directory: URL? = nil, model: PrinterModel = .standard, logger: Logger = Logger(label: "sim-printer")
    ) {
        self.directory = directory
        self.model = model
        self.logger = logger
        self.descriptors = Self.descriptors(of: model)
        self.mechanism = PrinterMechanism(model: model, numbers: directory.map(Self.numbers) ?? [:])
    }

    // MARK: VirtualUSBDevice

    public func control(_ setup: USBSetup, data: [UInt8]) throws -> [UInt8] {
        switch (setup.requestType, setup.request) {
        case (0xA1, 0):
            let text = [UInt8](
                "MFG:\(model.manufacturer);CMD:ESC/POS;MDL:\(model.name);CLS:PRINTER;SN:\(model.serial);".utf8)
            let length = text.count + 2
            return [UInt8](([UInt8(length >> 8), UInt8(length & 0xFF)] + text).prefix(Int(setup.length)))
        case (0xA1, 1): return [mechanism.portStatus]
        case (0x21, 2), (0x23, 2):
            guard mechanism.softReset() else { throw USBStall() }
            settle()
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
        while mechanism.isFull { try await room.wait(after: room.count) }
        mechanism.receive(bytes)
        // A transfer in which the cable was pulled never completes.
        if settle() { try await WakeUp().wait(after: 0) }
    }

    public func send(endpoint: UInt8, maximum: Int) async throws -> [UInt8] {
        guard endpoint == Self.inEndpoint else { throw USBStall() }
        while isDeveloping || !mechanism.hasOutput { try await speech.wait(after: speech.count) }
        return mechanism.takeOutput(maximum)
    }

    public func reset() {
        mechanism.busReset()
        stallsLeft = 0
        settle()
    }

    // MARK: What people do to it

    public func apply(_ event: PrinterEvent, _ moment: PrinterMoment? = nil) {
        if let moment { mechanism.schedule(event, moment) } else { mechanism.apply(event) }
        settle()
    }

    /// The roll ends after so many more rows.
    public func endRoll(afterRows rows: Int) { apply(.paperOut, .afterRows(rows)) }

    /// Somebody opens the cover when so many more rows are printed.
    public func openCover(afterRows rows: Int) { apply(.coverOpen, .afterRows(rows)) }

    func stallNextTransfer() { stallsLeft = 1 }

    /// Bytes that the host did not ask for.
    public func babble(_ bytes: [UInt8]) {
        mechanism.babble(bytes)
        settle()
    }

    /// Called when its cable is pulled or its power is cut: whoever holds the bus takes it off.
    public func whenItLeaves(_ body: @escaping @Sendable (PrinterMechanism.Departure) -> Void) { whenItLeaves = body }

    /// Rows that hang out, printed and not cut.
    public var hangingRows: Int { mechanism.hanging.count }

    /// Somebody takes the papers out of the tray; those on disk stay.
    public func clearTray() {
        mechanism.slips = []
        seen.slips = 0
    }

    // MARK: After every change

    /// - Returns: whether the printer left the bus.
    @discardableResult
    private func settle() -> Bool {
        develop()
        while seen.unknown < mechanism.unknownCommands.count {
            logger.notice("Unknown command", metadata: ["bytes": "\(mechanism.unknownCommands[seen.unknown])"])
            seen.unknown += 1
        }
        if mechanism.hasOutput, !isDeveloping { speech.raise() }
        if !mechanism.isFull { room.raise() }
        guard let departure = mechanism.takeDeparture() else { return false }
        whenItLeaves?(departure)
        return true
    }

    /// Writes pictures of new slips, once the transfer that cut them off is done: a printer takes bytes into its buffer and
    /// does not keep the host waiting for its paper.
    private func develop() {
        guard let directory, seen.slips < mechanism.slips.count, !isDeveloping else { return }
        isDeveloping = true
        Task {
            while seen.slips < mechanism.slips.count {
                write(seen.slips, in: directory)
                seen.slips += 1
            }
            isDeveloping = false
            if mechanism.hasOutput { speech.raise() }
        }
    }

    /// Returns when the pictures of all slips are written.
    public func developed() async {
        while isDeveloping { await Task.yield() }
    }

    private func write(_ index: Int, in directory: URL) {
        let slip = mechanism.slips[index]
        let digits = String(slip.number)
        let padded = String(repeating: "0", count: max(0, 4 - digits.count)) + digits
        let file = directory.appending(path: Self.prefix(slip.isTorn) + padded + ".png")
        do {
            try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
            try slip.write(to: file)
            mechanism.slips[index].file = file
        } catch {
            logger.error("The slip was not written: \(error)")
        }
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
}
