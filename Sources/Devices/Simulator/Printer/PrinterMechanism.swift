/// The virtual printer without its cable: firmware, sensors, roll, buffer and answers as one value. What it is told and
/// what happens to it decides what it does; it reads no clock, so that a script of thousands of faults runs at once.
///
/// ```swift
/// var printer = PrinterMechanism(model: .standard)
/// printer.schedule(.paperOut, .afterRows(100))
/// printer.receive(bytes)
/// printer.takeOutput()      // what it says
/// printer.slips             // what fell into the tray
/// ```
public struct PrinterMechanism: Sendable {
    /// What became of the cable.
    public enum Departure: Sendable, Equatable {
        case unplugged
        case powerCycled
    }

    public let model: PrinterModel
    private(set) var state: PrinterState
    private var interpreter: ESCPOSInterpreter
    private var roll: PaperRoll
    private var line: [UInt8] = []
    private var automaticMask: UInt8 = 0
    private var output: [UInt8] = []
    private var isSilent = false
    private var isWorking = false
    /// The rest of a feed or a cut that was interrupted.
    private var interrupted: ESCPOSInterpreter.Operation?
    private var scheduled: [(moment: PrinterMoment, event: PrinterEvent)] = []
    private var rows = 0
    private var bytes = 0
    /// The last number given to a slip, torn or cut.
    private var numbers: [Bool: Int]
    private var departure: Departure?
    private var powerCycles = 0

    /// Slips in the tray, in the order in which they fell.
    public internal(set) var slips: [PaperSlip] = []
    /// Commands that the interpreter did not know.
    public private(set) var unknownCommands: [[UInt8]] = []

    /// - Parameter numbers: the last number of a slip so far, torn or cut.
    public init(model: PrinterModel = .standard, numbers: [Bool: Int] = [:]) {
        self.model = model
        self.numbers = numbers
        state = PrinterState()
        state.hasNearEndSensor = model.hasNearEndSensor
        interpreter = ESCPOSInterpreter(knowsBufferClear: model.hasBufferClear)
        roll = PaperRoll(width: model.width)
    }

    /// Bytes received and not worked off.
    public var bufferedBytes: Int { interpreter.buffered }
    /// Whether it takes no bytes now: on USB it answers NAK.
    public var isFull: Bool { interpreter.buffered >= model.bufferSize }
    public var isReady: Bool { state.isOnline }
    public var hasOutput: Bool { !output.isEmpty }
    /// Rows that hang out of the printer, printed and not cut.
    public var hanging: [[UInt8]] { roll.rows }
    /// `GET_PORT_STATUS`.
    public var portStatus: UInt8 { state.port }

    // MARK: What the host does

    /// Takes in bytes, also more than there is room for: the caller looks at `isFull`. What comes after the cable was
    /// pulled is lost.
    public mutating func receive(_ received: [UInt8]) {
        for byte in received where departure == nil {
            switch interpreter.receive(byte) {
            case .status(let n): say([state.realTime(n)])
            case .clear:
                forgetBuffer()
                say([0x37, 0x25, 0])
            case .recover: if state.isCutterJammed { forgetBuffer() }
            case nil: break
            }
            // Everything up to a byte that something waits for has been worked off when it happens.
            let isAwaited = isAwaited(byte: bytes + 1)
            if isAwaited { work() }
            bytes += 1
            if isAwaited { fire() }
        }
        work()
    }

    /// What it says, at most so many bytes.
    public mutating func takeOutput(_ maximum: Int = .max) -> [UInt8] {
        let taken = [UInt8](output.prefix(maximum))
        output.removeFirst(taken.count)
        return taken
    }

    /// `SOFT_RESET`.
    /// - Returns: false from a model that refuses it.
    public mutating func softReset() -> Bool {
        guard model.hasSoftReset else { return false }
        forgetAll()
        return true
    }

    /// The bus was reset, or the host is another: what is half done is forgotten.
    mutating func busReset() {
        forgetAll()
        automaticMask = 0
    }

    /// Bytes that the host did not ask for.
    mutating func babble(_ bytes: [UInt8]) { say(bytes) }

    // MARK: What happens to it

    public mutating func apply(_ event: PrinterEvent) {
        let before = state
        switch event {
        case .paperOut: state.hasPaper = false
        case .paperIn: loadPaper()
        case .nearEnd: state.isNearEnd = true
        case .coverOpen: state.isCoverOpen = true
        case .coverClose: state.isCoverOpen = false
        case .cutterJam: state.isCutterJammed = true
        case .cutterClear: state.isCutterJammed = false
        case .overheated: state.isOverheated = true
        case .cooled: state.isOverheated = false
        case .offline: state.isOffline = true
        case .online: state.isOffline = false
        case .fault: state.isBroken = true
        case .silent: (isSilent, output) = (true, [])
        case .answering: isSilent = false
        case .unplug: departure = .unplugged
        case .powerCycle: powerCycle()
        }
        if state != before, automaticMask != 0 { say(state.automatic) }
        work()
    }

    /// It happens later; at once when the moment is already there.
    public mutating func schedule(_ event: PrinterEvent, _ moment: PrinterMoment) {
        switch moment {
        case .afterRows(let n):
            if event == .paperOut { return endRoll(afterRows: n) }
            scheduled.append((.afterRows(rows + n), event))
            fire()
        case .afterBytes(let n):
            scheduled.append((.afterBytes(bytes + n), event))
            fire()
        case .beforeCut, .afterCut: scheduled.append((moment, event))
        }
    }

    /// Nothing that was scheduled happens any more.
    public mutating func unschedule() {
        scheduled = []
        if state.hasPaper { roll.remaining = nil }
    }

    private mutating func endRoll(afterRows rows: Int) {
        roll.remaining = max(0, rows)
        if rows <= 0 { apply(.paperOut) }
    }

    /// What became of the cable since the last look; it is in again afterwards.
    public mutating func takeDeparture() -> Departure? {
        defer { departure = nil }
        return departure
    }

    var hasLeft: Bool { departure != nil }

    private mutating func loadPaper() {
        let wasOut = !state.hasPaper
        (state.hasPaper, state.isNearEnd) = (true, false)
        guard wasOut else { return }
        dropSlip(isTorn: true)
        roll.remaining = nil
        if !model.keepsJobOnReload { forgetBuffer() }
    }

    private mutating func powerCycle() {
        powerCycles += 1
        forgetAll()
        automaticMask = 0
        (state.isOffline, state.isBroken, isSilent) = (false, false, false)
        departure = .powerCycled
    }

    private func isAwaited(byte: Int) -> Bool {
        scheduled.contains { if case .afterBytes(let n) = $0.moment { n <= byte } else { false } }
    }

    /// - Parameter point: where the paper stands, when that is a moment by itself.
    private mutating func fire(at point: PrinterMoment? = nil) {
        guard !scheduled.isEmpty else { return }
        let (rows, bytes) = (rows, bytes)
        func isDue(_ moment: PrinterMoment) -> Bool {
            switch moment {
            case .afterRows(let n): n <= rows
            case .afterBytes(let n): n <= bytes
            case .beforeCut, .afterCut: moment == point
            }
        }
        let due = scheduled.filter { isDue($0.moment) }
        guard !due.isEmpty else { return }
        scheduled.removeAll { isDue($0.moment) }
        for (_, event) in due { apply(event) }
    }

    // MARK: The mechanism

    private mutating func work() {
        guard !isWorking else { return }
        isWorking = true
        defer { isWorking = false }
        while state.isOnline, let operation = interrupted ?? interpreter.next() {
            interrupted = nil
            perform(operation)
        }
    }

    private mutating func perform(_ operation: ESCPOSInterpreter.Operation) {
        switch operation {
        case .initialise:
            line = []
            automaticMask = 0
        case .row(let dots): advance { $0.print(dots) }
        case .feed(let rows):
            printLine()
            let left = feed(rows)
            if left > 0 { interrupted = .feed(rows: left) }
        case .text(let bytes): line += bytes
        case .newLine:
            if line.isEmpty { _ = feed(ESCPOSInterpreter.lineHeight) }
            printLine()
        case .align: break
        case .cut(let rows): cut(feeding: rows)
        case .automaticStatus(let mask):
            automaticMask = model.hasAutomaticStatus ? mask : 0
            if automaticMask != 0 { say(state.automatic) }
        case .transmitStatus(let n): if model.hasStatusRequest, n == 1 || n == 49 { say([state.paperSensor]) }
        case .processID(let id): if model.hasFence { say([0x37, 0x22] + id + [0]) }
        case .unknown(let bytes): unknownCommands.append(bytes)
        }
    }

    /// Moves the paper, and notices its end.
    private mutating func advance(_ body: (inout PaperRoll) -> Void) {
        body(&roll)
        rows += 1
        fire()
        if roll.isUsedUp, state.hasPaper { apply(.paperOut) }
    }

    /// - Returns: the rows that could not be fed.
    private mutating func feed(_ rows: Int) -> Int {
        for row in 0..<rows {
            guard state.isOnline else { return rows - row }
            advance { $0.feed() }
        }
        return 0
    }

    private mutating func printLine() {
        guard !line.isEmpty else { return }
        for row in LineText.rows(line, width: model.width) { advance { $0.print(row) } }
        line = []
    }

    private mutating func cut(feeding rows: Int) {
        printLine()
        let left = feed(rows)
        let cycles = powerCycles
        if left == 0 { fire(at: .beforeCut) }
        guard powerCycles == cycles else { return }
        guard left == 0, state.canCut else {
            interrupted = .cut(feedRows: left)
            return
        }
        dropSlip(isTorn: false)
        fire(at: .afterCut)
    }

    /// What hangs out falls into the tray.
    private mutating func dropSlip(isTorn: Bool) {
        let rows = roll.cut()
        guard !rows.isEmpty else { return }
        let number = numbers[isTorn, default: 0] + 1
        numbers[isTorn] = number
        slips.append(PaperSlip(number: number, width: model.width, rows: rows, isTorn: isTorn))
    }

    // MARK: Answers

    private mutating func say(_ bytes: [UInt8]) {
        guard !isSilent, departure == nil else { return }
        // A host that does not listen loses the oldest: no printer keeps more.
        output = (output + bytes).suffix(512)
    }

    private mutating func forgetBuffer() {
        interpreter = ESCPOSInterpreter(knowsBufferClear: model.hasBufferClear)
        interrupted = nil
        line = []
    }

    private mutating func forgetAll() {
        forgetBuffer()
        output = []
    }
}
