import Foundation
import HallQueue
import Peripherals
import Simulator

/// One random day in the life of a kiosk's printer: people take tickets, things go wrong at any byte, row and step, and
/// people decide. The kiosk forgets everything but its store when its power goes. What the script did stands in `log`.
struct FaultScript {
    /// A row of the store. Everything else is lost with the power.
    private struct Stored: Codable {
        enum State: String, Codable {
            case reserved, waiting, void
        }
        var paper = TicketPaper()
        var state = State.reserved
        /// Nobody stands at the screen for it any more: the staff settle it.
        var isLeft = false
        /// Counts the copies of all tickets.
        var job = 0
    }

    /// What is true, whoever knows it.
    private struct Truth {
        /// The owner holds the number, on paper or photographed from the screen.
        var isHeld = false
        var isPresent = true
        var offers = 0
        var decisions: [String] = []
    }

    private(set) var log: [String] = []
    /// Rules that were broken.
    private(set) var broken: [String] = []
    private(set) var printed = 0
    private(set) var provedLate = 0

    private var random: ScriptRandom
    private var printer: ScriptedPrinter
    private var store: [Int: Stored] = [:]
    private var truths: [Int: Truth] = [:]
    private var refused: Set<[Int]> = []
    private var seenSlips = 0
    private var last = 0
    private var jobs = 0

    private static let faults: [PrinterEvent] = [
        .paperOut, .coverOpen, .cutterJam, .overheated, .offline, .fault, .silent, .unplug, .powerCycle, .nearEnd,
    ]

    init(seed: UInt64) {
        random = ScriptRandom(seed: seed)
        var model = PrinterModel.all[Int(random.below(PrinterModel.all.count))]
        model.width = TinyTicket.width
        model.bufferSize = random.chance(2) ? 64 : 4096
        printer = ScriptedPrinter(model, firstFence: UInt16(truncatingIfNeeded: random.next()))
        log.append("printer \(model.key), buffer \(model.bufferSize)")
    }

    // MARK: The day

    mutating func run() {
        for _ in 0..<(8 + random.below(10)) {
            do throws(PowerCut) {
                try happen()
            } catch {
                restart()
            }
            look()
        }
        evening()
    }

    private mutating func happen() throws(PowerCut) {
        switch random.below(20) {
        case 0..<7: try takeTicket()
        case 7: strike()
        case 8..<12: repair()
        case 12..<16: try decide()
        case 16..<18: settle()
        case 18: throw PowerCut()
        default: try printer.look()
        }
    }

    private mutating func takeTicket() throws(PowerCut) {
        leave()
        last += 1
        store[last] = Stored()
        truths[last] = Truth()
        log.append("ticket \(last) is taken")
        try print(last)
    }

    private mutating func print(_ number: Int) throws(PowerCut) {
        guard let paper = store[number]?.paper else { return }
        let ticket = TinyTicket(number: number, copy: paper.copy, isMarked: paper.needsMark)
        guard let bitmap = ticket.bitmap else { return }
        jobs += 1
        store[number]?.job = jobs
        planFaults()
        // The store is outside of the process: the steps that are kept are seen after a power cut.
        var steps: [PrintStep] = []
        var cut = random.chance(6) ? random.below(14) : -1
        let result: Result<PrintOutcome, PowerCut>
        printer.meanwhile = { _ throws(PowerCut) in
            cut -= 1
            if cut == 0 { throw PowerCut() }
        }
        do throws(PowerCut) {
            let outcome = try printer.print(bitmap, job: Self.job(number)) { step throws(PowerCut) in
                cut -= 1
                if cut == 0 { throw PowerCut() }
                steps.append(step)
                cut -= 1
                if cut == 0 { throw PowerCut() }
            }
            result = .success(outcome)
        } catch {
            result = .failure(error)
        }
        printer.meanwhile = { _ throws(PowerCut) in }
        for step in steps { store[number]?.paper.took(step) }
        look()
        let outcome = try result.get()
        log.append("ticket \(number) copy \(ticket.copy): \(outcome)")
        cut -= 1
        if cut == 0 { throw PowerCut() }
        end(number, ticket, outcome)
    }

    private mutating func end(_ number: Int, _ ticket: TinyTicket, _ outcome: PrintOutcome) {
        store[number]?.paper.ended(outcome)
        switch outcome {
        case .printed:
            printed += 1
            if !isOnPaper({ $0 == ticket }) { broken.append("ticket \(number) counts as printed and is not on paper") }
            wait(number)
        case .refused: refused.insert([number, ticket.copy])
        case .transmitted, .failed: break
        }
        takeLateProofs()
    }

    private mutating func planFaults() {
        for _ in 0..<2 where random.chance(3) {
            guard let event = random.pick(Self.faults) else { continue }
            let moment: PrinterMoment =
                switch random.below(4) {
                case 0: .afterBytes(random.below(200))
                case 1: .beforeCut
                case 2: .afterCut
                default: .afterRows(random.below(40))
                }
            log.append("\(event.rawValue) at \(moment)")
            printer.mechanism.schedule(event, moment)
        }
    }

    private mutating func strike() {
        guard let event = random.pick(Self.faults) else { return }
        log.append("\(event.rawValue)")
        printer.mechanism.apply(event)
    }

    /// A technician makes everything good.
    private mutating func repair() {
        log.append("everything is repaired")
        printer.mechanism.unschedule()
        for case let repair? in Self.faults.map(\.repair) where repair != .powerCycle {
            printer.mechanism.apply(repair)
        }
        if !printer.mechanism.isReady { printer.mechanism.apply(.powerCycle) }
        printer.replugged()
    }

    /// The process begins anew, with what was written down.
    private mutating func restart() {
        log.append("the kiosk's power goes, and comes")
        let mayHangOut = mayHangOut
        do {
            store = try JSONDecoder().decode([Int: Stored].self, from: JSONEncoder().encode(store))
        } catch {
            broken.append("the store can't be read: \(error)")
        }
        for number in store.keys { store[number]?.paper.restarted() }
        if random.chance(2) { leave() }
        printer.restarted(mayHangOut: mayHangOut, firstFence: UInt16(truncatingIfNeeded: random.next()))
    }

    /// Whether the last paper that began to move was not seen to end: the store knows it.
    private var mayHangOut: Bool {
        for paper in store.values.sorted(by: { $0.job > $1.job }).map(\.paper) {
            switch paper.state {
            case .printed, .transmitted: return false
            case .sending, .awaitingProof, .failed: return true
            case .reserved, .refused: if paper.mayBeOnPaper { return !paper.isProved }
            }
        }
        return false
    }

    // MARK: People

    private var atScreen: Int? { truths.first { $0.value.isPresent }?.key }

    /// Who stands at the screen goes, perhaps with the number photographed.
    private mutating func leave() {
        guard let number = atScreen else { return }
        truths[number]?.isPresent = false
        if store[number]?.state == .reserved {
            store[number]?.isLeft = true
            if random.chance(3) { truths[number]?.isHeld = true }
            log.append("the owner of \(number) goes without a word")
        }
    }

    private mutating func decide() throws(PowerCut) {
        guard let number = atScreen, let stored = store[number], stored.state == .reserved else { return }
        switch random.below(5) {
        case 0:
            log.append("the owner of \(number) confirms the number on the screen")
            truths[number]?.isHeld = true
            wait(number)
        case 1:
            log.append("the owner of \(number) wants no ticket")
            store[number]?.state = .void
        case 2: leave()
        default:
            guard store[number]?.paper.offer() == true else { return }
            log.append("ticket \(number) is offered again, and taken")
            truths[number]?.offers += 1
            store[number]?.paper.reprint()
            try print(number)
        }
    }

    /// The staff settle what nobody at the screen does: an owner who comes with the number is taken in.
    private mutating func settle() {
        for (number, stored) in store.sorted(by: { $0.key < $1.key }) where stored.state == .reserved && stored.isLeft {
            switch random.below(3) {
            case 0 where truths[number]?.isHeld == true:
                log.append("the staff confirm \(number)")
                store[number]?.state = .waiting
            case 1:
                log.append("the staff void \(number)")
                store[number]?.state = .void
            default: break
            }
        }
    }

    private mutating func wait(_ number: Int) {
        store[number]?.state = .waiting
        if truths[number]?.isHeld != true { broken.append("ghost: \(number) waits, and its owner holds no number") }
    }

    // MARK: What is seen

    /// Whoever stands at the screen takes the paper that falls out with their number on it.
    private mutating func look() {
        let slips = printer.mechanism.slips
        for slip in slips[seenSlips...] {
            let (all, whole) = TinyTicket.read(slip)
            if all.count > 1 { broken.append("tickets \(all.map(\.number).sorted()) stand on one paper") }
            if let whole, truths[whole.number]?.isPresent == true { truths[whole.number]?.isHeld = true }
        }
        seenSlips = slips.count
        takeLateProofs()
    }

    /// A late proof lets a ticket wait while its owner is there to take the paper; else the staff are told.
    private mutating func takeLateProofs() {
        for job in printer.takeLateProofs() {
            guard let number = store.keys.first(where: { Self.job($0) == job }) else { continue }
            log.append("ticket \(number) is proved late")
            provedLate += 1
            store[number]?.paper.provedLate()
            if !isOnPaper({ $0.number == number }) {
                broken.append("ticket \(number) is proved late and is not on paper")
            }
            if store[number]?.state == .reserved, truths[number]?.isHeld == true { wait(number) }
        }
    }

    private func isOnPaper(_ isMeant: (TinyTicket) -> Bool) -> Bool {
        printer.mechanism.slips.contains { slip in TinyTicket.read(slip).whole.map(isMeant) ?? false }
    }

    // MARK: The evening

    /// All is repaired and printed out, everybody goes: what must be true of the day.
    private mutating func evening() {
        repair()
        do throws(PowerCut) { try printer.look() } catch { broken.append("a look asked for power") }
        look()
        leave()
        var copies: [TinyTicket: Int] = [:]
        let papers = printer.mechanism.slips.map { TinyTicket.read($0) } + [TinyTicket.read(printer.mechanism.hanging)]
        for paper in papers {
            if let whole = paper.whole { copies[whole, default: 0] += 1 }
            for ticket in paper.all where refused.contains([ticket.number, ticket.copy]) {
                broken.append("ticket \(ticket.number) copy \(ticket.copy) was refused and is on paper")
            }
        }
        for number in 0..<last { check(number + 1, copies) }
    }

    private mutating func check(_ number: Int, _ copies: [TinyTicket: Int]) {
        guard let stored = store[number], let truth = truths[number] else {
            broken.append("ticket \(number) is lost")
            return
        }
        let unmarked = copies.filter { $0.key.number == number && !$0.key.isMarked }.values.reduce(0, +)
        if unmarked > 1 { broken.append("ticket \(number) has \(unmarked) papers without a mark") }
        if stored.paper.state.isUnderWay { broken.append("ticket \(number) is under way for ever") }
        if truth.offers > 1 { broken.append("ticket \(number) was offered \(truth.offers) times") }
        switch stored.state {
        case .waiting: if !truth.isHeld { broken.append("ghost: \(number) waits in the evening") }
        case .reserved: if !stored.isLeft { broken.append("ticket \(number) is in no list") }
        case .void: break
        }
    }

    private static func job(_ number: Int) -> UUID {
        UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, UInt8(number)))
    }
}

/// Numbers that are the same in every run (SplitMix64).
struct ScriptRandom {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    mutating func below(_ limit: Int) -> Int { Int(next() % UInt64(limit)) }
    mutating func chance(_ one: Int) -> Bool { below(one) == 0 }
    mutating func pick<Value>(_ values: [Value]) -> Value? { values.isEmpty ? nil : values[below(values.count)] }
}
