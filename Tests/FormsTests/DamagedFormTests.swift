import Foundation
import Testing

@testable import Forms

@Suite("Damaged forms")
struct DamagedFormTests {
    /// SplitMix64 with a fixed seed, so that a failure comes back.
    private struct Seeded: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return z ^ (z >> 31)
        }
    }

    @Test("whatever is broken, loading ends with faults or a form that works", arguments: 0..<8)
    func damaged(_ seed: Int) throws {
        let original = [UInt8](try Data(contentsOf: House.fixtures.appendingPathComponent("visit.xml")))
        var random = Seeded(state: UInt64(seed))
        let pieces = [
            "'", "\"", "<", "&", "(", ")", "[", "]", "/", "..", "@", "::", "*", "\u{0}", "{", "true()", " or ",
        ]
        for _ in 0..<12 {
            var bytes = original
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let at = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes[at] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.removeSubrange(at..<min(bytes.count, at + Int.random(in: 1...40, using: &random)))
                default: bytes.insert(contentsOf: Array((pieces.randomElement(using: &random) ?? "").utf8), at: at)
                }
            }
            do {
                let form = try FormDefinition(Data(bytes), name: "damaged.xml")
                var session = House.session(form)
                for question in session.pages.flatMap(\.questions) { session.answer(question.path, "2") }
                _ = session.validateAll()
                _ = session.instanceXML()
            } catch {
                #expect(!error.faults.isEmpty)
            }
        }
    }

    @Test("whatever stands in an expression, parsing ends", arguments: 0..<8)
    func expressions(_ seed: Int) {
        var random = Seeded(state: UInt64(1000 + seed))
        let words = [
            "a", "/", "//", "..", ".", "*", "[", "]", "(", ")", "'x'", "1", "-", "+", "and", "or", "div", "=", "<=",
            "|", ",",
            "@", "::", "concat", "text()", "instance('l')", " ", "$", "é",
        ]
        for _ in 0..<2000 {
            let source = (0..<Int.random(in: 1...12, using: &random)).map { _ in
                words.randomElement(using: &random) ?? ""
            }
            .joined()
            guard let syntax = try? XPathParser.parse(source) else { continue }
            // What is printed is understood again, and means the same.
            let printed = XPathPrinter.print(syntax)
            #expect((try? XPathParser.parse(printed)) != nil, "\(source) became \(printed)")
        }
    }
}
