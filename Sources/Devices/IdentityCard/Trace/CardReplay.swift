import CardTrust
import Foundation
import Peripherals
import SmartCard
import Synchronization

/// What a trace gave when it ran again.
public struct CardReplay: Sendable, Equatable {
    public var steps: [CardReadResult.Step]
    public var outcome: CardTrace.Outcome
    public var recorded: CardTrace.Outcome
    /// The first thing that this kiosk asked for and the trace does not hold: another version asked for other things.
    public var missing: String?

    public var isSame: Bool { outcome.comparable == recorded.comparable }
}

extension CardTrace {
    /// Runs the reading again with the trace in the place of the card. Protocols with keys end as they were recorded; files are
    /// read, taken apart and compared afresh.
    public func replay() async -> CardReplay {
        let tape = CardTape(events)
        let context = ReadingContext(clock: { tape.now }, now: { Date() }, tape: tape)
        let result = Mutex<Result<CardReadResult, CardReadError>>(.failure(.cancelled))
        let steps: [CardReadResult.Step]
        do throws(CardReadError) {
            var reading = await ChipReading(
                channel: TapeChannel(header: header, tape: tape), plan: try OpeningPlan(replaying: header.key),
                needs: Set(header.needs.compactMap(CardVerdicts.Kind.init)), context: context
            ) { event in
                switch event {
                case .progress, .holder: break
                case .finished(let whole): result.withLock { $0 = .success(whole) }
                case .failed(let error): result.withLock { $0 = .failure(error) }
                }
            }
            await reading.run()
            steps = reading.steps
        } catch {
            result.withLock { $0 = .failure(error) }
            steps = []
        }
        return CardReplay(
            steps: steps, outcome: Outcome(result.withLock { $0 }), recorded: outcome, missing: tape.missing)
    }
}

/// What the card's way knew of itself; it carries no command.
private struct TapeChannel: CardChannel {
    let header: CardTrace.Header
    let tape: CardTape

    var maximumCommandLength: Int { header.maximumCommandLength }
    var answerToReset: [UInt8] { HexText.decode(header.answerToReset) ?? [] }

    func transmit(_ command: APDU.Command, deadline: Duration) async throws(SmartCardError) -> APDU.Response {
        throw .noCard
    }

    func resetCard() async throws(SmartCardError) { try tape.reset() }
}

extension OpeningPlan {
    /// The secrets are not there and not needed.
    init(replaying key: CardTrace.Key) throws(CardReadError) {
        guard let access = CardAccess(rawValue: key.access) else { throw .unreadable("the trace's kind of access") }
        self.init(
            password: .can("000000"), accessByPACE: access,
            basicAccessInputs: Array(repeating: "", count: min(max(key.basicAccessInputs, 0), 2)),
            expectedNumber: key.number.flatMap { PersonalNumber($0) })
    }

    fileprivate init(
        password: PACEPassword, accessByPACE: CardAccess, basicAccessInputs: [String], expectedNumber: PersonalNumber?
    ) {
        self.password = password
        self.accessByPACE = accessByPACE
        self.basicAccessInputs = basicAccessInputs
        self.expectedNumber = expectedNumber
    }
}
