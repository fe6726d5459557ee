import Foundation
import Peripherals
import Testing

@testable import TicketPrinter

@Suite("The printer's traffic in words") struct PrinterWordsTests {
    @Test(
        "each command by the name of the maker's reference",
        arguments: [
            ([0x1B, 0x40], "ESC @ (initialise)"), ([0x1D, 0x56, 66, 24], "GS V 66 24 (feed and cut)"),
            ([0x1D, 0x56, 1], "GS V 1 (cut)"), ([0x1D, 0x61, 0], "GS a 0 (automatic status off)"),
            ([0x1D, 0x72, 1], "GS r 1 (paper?)"), ([0x10, 4, 4], "DLE EOT 4 (paper?)"),
            ([0x10, 5, 2], "DLE ENQ 2 (recover, and forget)"),
            ([0x10, 0x14, 8, 1, 3, 20, 1, 6, 2, 8], "DLE DC4 8 (clear the buffers)"),
            ([0x1D, 0x28, 0x48, 6, 0, 48, 48, 0x41, 0x42, 0x43, 0x44], "GS ( H 48 (fence 41424344)"),
        ] as [([UInt8], String)])
    func commands(_ bytes: [UInt8], _ text: String) {
        for cut in 0...bytes.count {
            var words = PrinterWords()
            let told = words.sent([UInt8](bytes[..<cut])) + words.sent([UInt8](bytes[cut...]))
            #expect(told == [PrinterExchange(isFromPrinter: false, text: text, bytes: bytes.count)])
        }
    }

    @Test("a picture is told by its size, wherever the transfers cut it, and its bytes never look like commands")
    func picture() {
        let bytes: [UInt8] = [0x1D, 0x76, 0x30, 0, 2, 0, 3, 0, 0x1B, 0x40, 0x10, 4, 1, 0, 0x1B, 0x40]
        for cut in 0...bytes.count {
            var words = PrinterWords()
            let told = words.sent([UInt8](bytes[..<cut])) + words.sent([UInt8](bytes[cut...]))
            #expect(told.map(\.text) == ["GS v 0 (picture of 16 × 3 dots)", "ESC @ (initialise)"])
            #expect(told.map(\.bytes) == [14, 2])
        }
    }

    @Test("answers say what they mean, and to which question")
    func answers() {
        var words = PrinterWords()
        _ = words.sent([0x10, 4, 2])
        #expect(words.heard(.realTime(0x16)).text == "DLE EOT 2 answer 16: cover-open")
        #expect(words.heard(.realTime(0x12)).text == "DLE EOT answer 12 that nobody asked for")
        #expect(words.heard(.automatic([0x18, 0, 0x0F, 0x0F])).text == "ASB 18 00 0F 0F: paper-out")
        #expect(words.heard(.fence(FenceID(0x1234))).text == "fence 41424344: printed")
    }

    @Test("any bytes are digested, and what is told adds up to what went out")
    func anything() {
        var random = SeededGenerator(seed: 47)
        var words = PrinterWords()
        for _ in 0..<5000 {
            let bytes = (0..<Int.random(in: 0...40, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            #expect(words.sent(bytes).allSatisfy { $0.text.count < 120 && !$0.isFromPrinter })
        }
    }
}

@Suite("Jobs without proof") struct UnprovedJobsTests {
    @Test("an echo proves its job once, and only while nobody had the paper in hands")
    func once() {
        var jobs = UnprovedJobs()
        let (first, second) = (UUID(), UUID())
        jobs.saw(.overheated)
        jobs.add(first, fence: FenceID(1))
        jobs.saw(.ready)
        #expect(jobs.take(FenceID(2)) == nil)
        #expect(jobs.take(FenceID(1)) == first && jobs.take(FenceID(1)) == nil)
        jobs.add(second, fence: FenceID(3))
        for condition in PrinterCondition.allCases
        where ![.ready, .paperNearEnd, .overheated, .offline].contains(condition) {
            var touched = jobs
            touched.saw(condition)
            #expect(touched.take(FenceID(3)) == nil)
            touched.add(second, fence: FenceID(3))
            #expect(touched.count == 0)
        }
    }

    @Test("the memory is bounded: the oldest is forgotten")
    func bounded() {
        var jobs = UnprovedJobs()
        jobs.saw(.ready)
        for number in 0..<1000 { jobs.add(UUID(), fence: FenceID(UInt16(number))) }
        #expect(jobs.count == UnprovedJobs.limit)
        #expect(jobs.take(FenceID(0)) == nil && jobs.take(FenceID(999)) != nil)
    }
}
