/// Reads ESC/POS as a printer's firmware does: byte by byte as they arrive, whatever the transfers were.
///
/// Written from the command descriptions, not from the driver's encoder. Real-time commands act when they are
/// received; everything else becomes an operation that waits for the mechanism.
struct ESCPOSInterpreter: Sendable {
    /// What the mechanism or the transmitter has to do.
    enum Operation: Sendable, Equatable {
        case initialise
        /// One row of dots.
        case row([UInt8])
        /// Advance by rows without printing.
        case feed(rows: Int)
        case text([UInt8])
        case newLine
        case align(UInt8)
        case cut(feedRows: Int)
        /// `GS a n`
        case automaticStatus(mask: UInt8)
        /// `GS r n`
        case transmitStatus(UInt8)
        /// `GS ( H`, function 48
        case processID([UInt8])
        /// Something that firmware of this kind does not know; it is skipped.
        case unknown([UInt8])
    }

    /// What a real-time command asks for, at the moment when its last byte is received.
    enum RealTime: Sendable, Equatable {
        /// `DLE EOT n`
        case status(UInt8)
        /// `DLE DC4`, function 8
        case clear
        /// `DLE ENQ 2`
        case recover
    }

    /// Whether this firmware knows `DLE DC4 8`.
    let knowsBufferClear: Bool

    /// Operations in the order in which they came, with the bytes of the receive buffer that each one holds.
    private(set) var queue: [(operation: Operation, bytes: Int)] = []
    private var head = 0
    /// Bytes that the receive buffer holds.
    private(set) var buffered = 0

    /// The bytes of a command that is not complete.
    private var command: [UInt8] = []
    private var raster: Raster?
    /// The last bytes of the stream, in which real-time commands are recognised wherever they stand. Real firmware does
    /// not know pictures while it listens for them: they act in the middle of one, and stay a part of it.
    private var recent: [UInt8] = []
    private static let clearSequence: [UInt8] = [0x10, 0x14, 8, 1, 3, 20, 1, 6, 2, 8]

    init(knowsBufferClear: Bool = true) { self.knowsBufferClear = knowsBufferClear }

    private struct Raster: Sendable {
        var rowsLeft: Int
        let bytesPerRow: Int
        var row: [UInt8] = []
    }

    mutating func receive(_ byte: UInt8) -> RealTime? {
        if raster != nil {
            takeRaster(byte)
        } else {
            command.append(byte)
            buffered += 1
            takeCommand()
        }
        return realTime(byte)
    }

    private mutating func realTime(_ byte: UInt8) -> RealTime? {
        recent.append(byte)
        if recent.count > 64 { recent.removeFirst(recent.count - Self.clearSequence.count) }
        guard byte <= 8, recent.count >= 3 else { return nil }
        switch (recent[recent.count - 3], recent[recent.count - 2], byte) {
        case (0x10, 0x04, 1...4): return .status(byte)
        case (0x10, 0x05, 2): return .recover
        case (6, 2, 8): return knowsBufferClear && recent.suffix(10) == Self.clearSequence[...] ? .clear : nil
        default: return nil
        }
    }

    mutating func next() -> Operation? {
        guard head < queue.count else { return nil }
        let (operation, bytes) = queue[head]
        head += 1
        buffered -= bytes
        if head == queue.count || head > 1024 {
            queue.removeFirst(head)
            head = 0
        }
        return operation
    }

    // MARK: Receiving

    private mutating func takeRaster(_ byte: UInt8) {
        raster?.row.append(byte)
        buffered += 1
        guard let picture = raster, picture.row.count == picture.bytesPerRow else { return }
        queue.append((.row(picture.row), picture.bytesPerRow))
        raster = picture.rowsLeft > 1 ? Raster(rowsLeft: picture.rowsLeft - 1, bytesPerRow: picture.bytesPerRow) : nil
    }

    private mutating func finish(_ operation: Operation?) {
        if let operation { queue.append((operation, command.count)) } else { buffered -= command.count }
        command = []
    }

    /// Looks whether the command is complete.
    private mutating func takeCommand() {
        switch command[0] {
        case 0x10: takeRealTime()
        case 0x1B: takeEscape()
        case 0x1D: takeGroupSeparator()
        case 0x0A: finish(.newLine)
        case 0x20...0xFF: finish(.text(command))
        default: finish(nil)
        }
    }

    /// Real-time commands have acted already; here they are only taken out of the stream.
    private mutating func takeRealTime() {
        guard command.count >= 2 else { return }
        switch command[1] {
        case 0x04, 0x05: if command.count == 3 { finish(nil) }
        case 0x14 where knowsBufferClear:
            guard command.count >= 3 else { return }
            if command.count == (command[2] == 8 ? 10 : 5) { finish(nil) }
        default: finish(.unknown(command))
        }
    }

    private mutating func takeEscape() {
        guard command.count >= 2 else { return }
        switch command[1] {
        case 0x40: finish(.initialise)
        case 0x32: finish(nil)
        case 0x4A: when(3) { .feed(rows: Int($0[2])) }
        case 0x64: when(3) { .feed(rows: Int($0[2]) * Self.lineHeight) }
        case 0x61: when(3) { .align($0[2] & 3) }
        case 0x21, 0x2D, 0x33, 0x45, 0x47, 0x4D, 0x52, 0x56, 0x74, 0x7B: when(3) { _ in nil }
        case 0x24, 0x5C: when(4) { _ in nil }
        case 0x70: when(5) { _ in nil }
        default: finish(.unknown(command))
        }
    }

    private mutating func takeGroupSeparator() {
        guard command.count >= 2 else { return }
        switch command[1] {
        case 0x56: takeCut()
        case 0x76: takePicture()
        case 0x28: takeFunction()
        case 0x61: when(3) { .automaticStatus(mask: $0[2]) }
        case 0x72: when(3) { .transmitStatus($0[2]) }
        case 0x21, 0x42, 0x48, 0x49, 0x66, 0x68, 0x77: when(3) { _ in nil }
        case 0x4C, 0x57, 0x50: when(4) { _ in nil }
        default: finish(.unknown(command))
        }
    }

    private mutating func when(_ length: Int, _ operation: ([UInt8]) -> Operation?) {
        if command.count == length { finish(operation(command)) }
    }

    /// `GS V m` or `GS V m n`: 65 and 66 feed to the cutter and n further.
    private mutating func takeCut() {
        guard command.count >= 3 else { return }
        switch command[2] {
        case 0, 1, 48, 49: finish(.cut(feedRows: 0))
        case 65, 66: when(4) { .cut(feedRows: Int($0[3])) }
        default: finish(.unknown(command))
        }
    }

    /// `GS v 0 m xL xH yL yH`, then y rows of x bytes.
    private mutating func takePicture() {
        guard command.count == 8 else { return }
        let width = Int(command[4]) | Int(command[5]) << 8
        let height = Int(command[6]) | Int(command[7]) << 8
        guard command[2] == 0x30, width > 0, height > 0 else { return finish(.unknown(command)) }
        finish(nil)
        raster = Raster(rowsLeft: height, bytesPerRow: width)
    }

    /// `GS ( letter pL pH` and so many bytes.
    private mutating func takeFunction() {
        guard command.count >= 5 else { return }
        let length = Int(command[3]) | Int(command[4]) << 8
        guard length <= 8192 else { return finish(.unknown(command)) }
        guard command.count == 5 + length else { return }
        if command[2] == 0x48, length == 6, command[5] == 48, command[6] == 48 {
            finish(.processID([UInt8](command[7...])))
        } else {
            finish(.unknown(command))
        }
    }

    static let lineHeight = 30
}
