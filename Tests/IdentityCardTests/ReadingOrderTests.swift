import Peripherals
import Testing

@testable import IdentityCard

@Suite("What is read when, and what a proof is worth")
struct ReadingOrderTests {
    private func steps(_ needs: Set<CardVerdicts.Kind>, _ listed: Set<Int>?, common: Set<Int>? = nil) -> [String] {
        var order = ReadingOrder(needs: needs)
        var names: [String] = []
        while true {
            let step = order.next()
            switch step {
            case .read(let file):
                names.append(file.name)
                if file == .securityObject {
                    if let listed { order.know(listed) } else { order.askCommonFile() }
                }
                if file == .common, let common { order.know(common) }
            case .authenticateChip: names.append("authenticate")
            case .tellHolder: names.append("holder")
            case .finish: return names
            }
        }
    }

    @Test("the holder first, the photograph last, nothing that the security object does not list, never 3 and 4")
    func order() {
        #expect(
            steps([], [1, 2, 3, 13, 14, 15])
                == ["DG1", "EF.SOD", "DG13", "holder", "authenticate", "DG15", "DG2"])
        #expect(
            steps([.chip], [1, 2, 3, 4, 13, 14])
                == ["DG1", "EF.SOD", "authenticate", "DG13", "holder", "DG2"])
        #expect(
            steps([.hashes], [1, 2, 7, 11, 12, 14, 16])
                == ["DG1", "EF.SOD", "holder", "authenticate", "DG11", "DG12", "DG7", "DG16", "DG2"])
        #expect(steps([], [1, 13]) == ["DG1", "EF.SOD", "DG13", "holder", "authenticate"])
    }

    @Test("EF.COM is asked only where the security object says nothing; without either the usual groups are tried")
    func commonFile() {
        #expect(
            steps([], nil, common: [1, 2, 13])
                == ["DG1", "EF.SOD", "EF.COM", "DG13", "holder", "authenticate", "DG2"])
        #expect(
            steps([.chip], nil)
                == ["DG1", "EF.SOD", "EF.COM", "authenticate", "DG13", "holder", "DG11", "DG12", "DG2"])
    }

    @Test(
        "a proof counts only by a key that the signed list vouches for",
        arguments: [
            (true, CardVerdict.passed(by: nil), "passed"), (true, .failed("x"), "failed"),
            (true, .notReached("x"), "not reached"), (false, .passed(by: nil), "failed"),
            (false, .failed("x"), "failed"), (nil, .passed(by: nil), "not reached"), (nil, .failed("x"), "not reached"),
        ] as [(Bool?, CardVerdict, String)])
    func proofs(matches: Bool?, signature: CardVerdict, expected: String) {
        let verdict = ChipProof.proven(by: "CA", group: 14).verdict(matches: { _ in matches }, signature: signature)
        switch verdict {
        case .passed(let name): #expect(expected == "passed" && name == "CA")
        case .failed: #expect(expected == "failed")
        case .notReached: #expect(expected == "not reached")
        }
        // What was not proved gains nothing by a good signature.
        #expect(
            !ChipProof.none("why").verdict(matches: { _ in matches }, signature: signature).isPassed
                && ChipProof.failed("why").verdict(matches: { _ in matches }, signature: signature).isFailed)
    }

    @Test("profiles: of the last kinds met, and only of those")
    func profiles() {
        let profiles = ChipProfiles()
        func kind(_ number: UInt8) -> ChipProfiles.Kind {
            ChipProfiles.Kind(answerToReset: [0x3B, number], cardAccess: [0x31, 0])
        }
        var habits = ChipHabits()
        for number in UInt8(0)...UInt8(ChipProfiles.limit) {
            habits.namesParameter = number.isMultiple(of: 2)
            profiles.remember(habits, of: kind(number))
        }
        #expect(profiles.habits(of: kind(0)) == nil)
        #expect(profiles.habits(of: kind(1))?.namesParameter == false)
        #expect(profiles.habits(of: kind(2))?.namesParameter == true)
        habits.namesParameter = false
        profiles.remember(habits, of: kind(2))
        #expect(profiles.habits(of: kind(2))?.namesParameter == false)
        #expect(kind(1) == kind(1) && kind(1) != kind(2))
    }

    @Test("the parts of one step are added up")
    func log() {
        var log = StepLog(at: .seconds(1))
        log.note("DG2", at: .seconds(3), commands: 4, bytes: 100)
        log.note("PACE", at: .seconds(4), commands: 9, bytes: 300)
        log.note("DG2", at: .seconds(9), commands: 10, bytes: 301)
        #expect(
            log.steps == [
                .init(name: "DG2", duration: .seconds(7), commands: 5, bytes: 101),
                .init(name: "PACE", duration: .seconds(1), commands: 5, bytes: 200),
            ])
    }
}
