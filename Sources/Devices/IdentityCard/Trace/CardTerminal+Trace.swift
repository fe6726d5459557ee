import Foundation
import Peripherals
import SmartCard
import Synchronization

extension CardTerminal {
    /// One whole reading, recorded. It begins as if this kind of chip had never been met, so that a replay knows as much.
    ///
    /// - Parameters:
    ///   - masked: without personal data.
    ///   - reader: maker and model.
    /// - Throws: when no reading could begin: no card, no reader, a key that opens nothing.
    public func traceIdentityCard(
        _ key: CardKey, needs: Set<CardVerdicts.Kind> = [], masked: Bool, kioskVersion: String, reader: String,
        context: ReadingContext = ReadingContext()
    ) async throws(CardReadError) -> CardTrace {
        let plan = try OpeningPlan(key)
        do throws(SmartCardError) {
            return try await withCard { channel in
                await CardTrace.record(
                    channel, key, plan, needs: needs, masked: masked, kioskVersion: kioskVersion, reader: reader,
                    context: context)
            }
        } catch {
            throw CardReadError(error)
        }
    }
}

extension CardTrace {
    static func record(
        _ channel: any CardChannel, _ key: CardKey, _ plan: OpeningPlan, needs: Set<CardVerdicts.Kind>, masked: Bool,
        kioskVersion: String, reader: String, context: ReadingContext
    ) async -> CardTrace {
        let events = Mutex<[CardTraceEvent]>([])
        let (began, clock) = (context.clock(), context.clock)
        var context = context
        context.profiles = ChipProfiles()
        context.clock = { clock() - began }
        context.tracer = { event in
            events.withLock { if $0.count < eventLimit { $0.append(event) } }
        }
        let result: Result<CardReadResult, CardReadError>
        do throws(CardReadError) {
            let read = await IdentityCardReader(channel: channel, context: context).events(key, needs: needs)
            result = .success(try await read.whole())
        } catch {
            result = .failure(error)
        }
        let header = Header(
            kioskVersion: kioskVersion, time: Date().formatted(.iso8601), reader: reader,
            answerToReset: HexText.encode(await channel.answerToReset),
            maximumCommandLength: await channel.maximumCommandLength,
            key: Key(
                access: plan.accessByPACE.rawValue, basicAccessInputs: plan.basicAccessInputs.count,
                number: plan.expectedNumber?.digits), needs: needs.map(\.rawValue).sorted(), masked: masked)
        var trace = CardTrace(
            header: header, events: events.withLock { $0 }, outcome: Outcome(result), replays: false)
        if masked { TraceMask.apply(to: &trace) }
        trace.replays = await trace.replay().isSame
        return trace
    }
}
