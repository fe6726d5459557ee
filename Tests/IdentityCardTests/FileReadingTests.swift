import CardCryptography
import SmartCard
import Testing

@testable import IdentityCard

/// One file, one chip of a certain habit: which commands it takes, and what is learned.
@Suite("Reading a file with as few commands as the chip allows")
struct FileReadingTests {
    /// A chip's file system with one file in it, written after ISO/IEC 7816-4, 7.2.3, and bent as field chips are.
    struct Shelf {
        var file: [UInt8]
        var short: UInt8 = 2
        var knowsShortIdentifiers = true
        /// Status of a read that reaches beyond the end; nil: what there is, with 6282.
        var beyondEnd: UInt16?
        /// Status of a Le above the limit.
        var refusal: (limit: Int, status: UInt16)?
        var longest = 65_536
        var isSelected = false
        var log: [String] = []

        mutating func answer(_ command: APDU.Command) -> APDU.Response {
            func status(_ value: UInt16) -> APDU.Response { APDU.Response(status: .init(value)) }
            log.append(Self.text(command))
            if command.ins == 0xA4 {
                isSelected = true
                return status(0x9000)
            }
            guard let le = command.le else { return status(0x6700) }
            var offset = Int(command.p1) << 8 | Int(command.p2)
            var header = 0
            if command.ins == 0xB1 {
                offset = command.data.dropFirst(2).reduce(0) { $0 << 8 | Int($1) }
                header = le > 0x103 ? 4 : le > 0x82 ? 3 : 2
            } else if command.p1 & 0x80 != 0 {
                guard knowsShortIdentifiers else { return status(0x6A86) }
                guard command.p1 & 0x1F == short else { return status(0x6A82) }
                isSelected = true
                offset = Int(command.p2)
            }
            guard isSelected else { return status(0x6986) }
            if let refusal, le > refusal.limit { return status(refusal.status) }
            guard offset < file.count else { return status(0x6B00) }
            let wanted = le - header
            if offset + wanted > file.count, let beyondEnd {
                return status(beyondEnd == 0x6C00 ? 0x6C00 | UInt16(min(255, file.count - offset)) : beyondEnd)
            }
            let data = Array(file[offset..<min(file.count, offset + min(wanted, longest))])
            let isShort = offset + wanted > file.count
            return APDU.Response(
                data: command.ins == 0xB1 ? TLV.encode(0x53, data) : data, status: .init(isShort ? 0x6282 : 0x9000))
        }

        static func text(_ command: APDU.Command) -> String {
            switch command.ins {
            case 0xA4: "select"
            case 0xB1: "far \(command.le ?? 0)"
            default: command.p1 & 0x80 != 0 ? "short \(command.le ?? 0)" : "read \(command.le ?? 0)"
            }
        }
    }

    static func object(_ tag: UInt32, _ length: Int) -> [UInt8] {
        TLV.encode(tag, (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 31) })
    }

    private func read(
        _ shelf: inout Shelf, _ file: ElementaryFile, _ habits: ChipHabits = ChipHabits(),
        block: BlockSize = BlockSize(extended: nil, short: 223)
    ) -> (step: FileReading.Step, habits: ChipHabits) {
        var reading = FileReading(file, habits: habits, block: block)
        var step = reading.next()
        while case .send(let command) = step, shelf.log.count < 500 { step = reading.receive(shelf.answer(command)) }
        return (step, reading.habits)
    }

    private static func known(beyondEnd: Bool) -> ChipHabits {
        var habits = ChipHabits()
        habits.readsByShortIdentifier = true
        habits.answersBeyondEnd = beyondEnd
        return habits
    }

    @Test("a small file costs one command where the chip answers beyond its end, two where it does not")
    func smallFiles() {
        let file = Self.object(0x6E, 70)
        var kind = Shelf(file: file, short: 14)
        #expect(read(&kind, .dataGroup14, Self.known(beyondEnd: true)).step == .finished(file))
        #expect(kind.log == ["short 223"])
        var strict = Shelf(file: file, short: 14, beyondEnd: 0x6B00)
        #expect(read(&strict, .dataGroup14, Self.known(beyondEnd: false)).step == .finished(file))
        #expect(strict.log == ["short 8", "read 64"])
    }

    @Test("the machine-readable zone has one length, and is asked for with it")
    func zone() {
        let file = TLV.encode(0x61, TLV.encode(0x5F1F, [UInt8](repeating: 0x3C, count: 90)))
        for beyondEnd in [nil, UInt16(0x6B00), 0x6700] {
            var shelf = Shelf(file: file, short: 1, beyondEnd: beyondEnd)
            #expect(read(&shelf, .dataGroup1).step == .finished(file))
            #expect(shelf.log == ["short 95"])
        }
    }

    @Test(
        "a chip that refuses to answer beyond the end is asked for a header, or what it names, and remembered",
        arguments: [UInt16(0x6B00), 0x6700, 0x6282, 0x6C00])
    func refusals(status: UInt16) {
        let file = Self.object(0x6D, 100)
        var shelf = Shelf(file: file, short: 13, beyondEnd: status)
        let (step, habits) = read(&shelf, .dataGroup13, Self.known(beyondEnd: true))
        #expect(step == .finished(file) && habits.answersBeyondEnd == false && habits.block?.current == 223)
        #expect(shelf.log == (status == 0x6C00 ? ["short 223", "short 102"] : ["short 223", "short 8", "read 94"]))
        shelf.log = []
        #expect(read(&shelf, .dataGroup13, habits).step == .finished(file))
        #expect(shelf.log == ["short 8", "read 94"])
    }

    @Test(
        "a chip that refuses the length steps down, and is not blamed for the end",
        arguments: [UInt16(0x6700), 0x6B00, 0x6282], [(200, 192), (150, 128), (100, 96)])
    func steps(status: UInt16, step: (limit: Int, block: Int)) {
        let file = Self.object(0x75, 5000)
        var shelf = Shelf(file: file, refusal: (step.limit, status))
        let (end, habits) = read(
            &shelf, .dataGroup2, Self.known(beyondEnd: true), block: BlockSize(extended: 4000, short: 223))
        #expect(end == .finished(file) && habits.block?.current == step.block && habits.answersBeyondEnd == true)
        shelf.log = []
        #expect(read(&shelf, .dataGroup2, habits).step == .finished(file))
        #expect(shelf.log.count == (file.count + step.block - 1) / step.block)
    }

    @Test("a chip that gives less than asked is asked for that much from then on")
    func less() {
        let file = Self.object(0x75, 10_000)
        var shelf = Shelf(file: file, longest: 1000)
        let (end, habits) = read(
            &shelf, .dataGroup2, Self.known(beyondEnd: true), block: BlockSize(extended: 60_000, short: 223))
        #expect(end == .finished(file) && habits.block?.current == 1000)
        #expect(shelf.log.count == 11 && shelf.log[1] == "read 1000")
    }

    @Test("a chip without short identifiers is selected for, once it is known without a try")
    func selection() {
        let file = Self.object(0x6D, 300)
        var shelf = Shelf(file: file, short: 13, knowsShortIdentifiers: false)
        var habits = ChipHabits()
        habits.answersBeyondEnd = true
        let first = read(&shelf, .dataGroup13, habits)
        #expect(first.step == .finished(file) && first.habits.readsByShortIdentifier == false)
        #expect(shelf.log == ["short 223", "select", "read 223", "read 81"])
        shelf.log = []
        #expect(read(&shelf, .dataGroup13, first.habits).step == .finished(file))
        #expect(shelf.log == ["select", "read 223", "read 81"])
    }

    @Test("a group that the chip does not have is absent, not an error")
    func absent() {
        var shelf = Shelf(file: [], short: 30)
        #expect(read(&shelf, .dataGroup(11), Self.known(beyondEnd: true)).step == .absent)
        #expect(shelf.log.count == 1)
    }

    @Test("beyond 32 KB the offset goes in a data object", arguments: [0x7FFF, 0x8000, 0x8001, 40_000, 70_000])
    func far(length: Int) {
        let file = Self.object(0x75, length)
        for block in [BlockSize(extended: 2000, short: 223), BlockSize(extended: nil, short: 223)] {
            var shelf = Shelf(file: file)
            #expect(read(&shelf, .dataGroup2, Self.known(beyondEnd: true), block: block).step == .finished(file))
            #expect(shelf.log.contains { $0.hasPrefix("far") } == (file.count > 0x8000 + block.current))
        }
    }

    @Test("after the end of a session the file goes on where it stopped", arguments: [nil, UInt16(0x6988), 0x6982])
    func resumption(status: UInt16?) {
        let file = Self.object(0x75, 1000)
        var shelf = Shelf(file: file)
        var reading = FileReading(
            .dataGroup2, habits: Self.known(beyondEnd: true), block: BlockSize(extended: nil, short: 223))
        var step = reading.next()
        var sent = 0
        while case .send(let command) = step {
            sent += 1
            if sent == 4 {
                #expect(reading.sessionEnded(with: status.map { .init($0) }) == false)
                shelf.isSelected = false
                step = reading.next()
                continue
            }
            step = reading.receive(shelf.answer(command))
        }
        #expect(step == .finished(file))
        #expect(shelf.log == ["short 223", "read 223", "read 223", "select", "read 223", "read 112"])
    }

    @Test(
        "the block within a response is the greatest whose protected form fits, in whole frames of the link",
        arguments: [(300, 300), (1024, 1012), (2048, 2024), (4096, 4048), (65_538, 65_527)])
    func blocks(length: Int, frames: Int) {
        for cipher in [CardCipher.aes128, .tripleDES] {
            func protected(_ plain: Int) -> Int {
                let padded = (plain / cipher.blockLength + 1) * cipher.blockLength
                return TLV.encode(0x87, [UInt8](repeating: 0, count: 1 + padded)).count + 4 + 10 + 2
            }
            let found = BlockSize.plain(within: length, cipher: cipher)
            #expect(protected(found) <= frames && protected(found + 1 + cipher.blockLength) > frames)
        }
    }
}
