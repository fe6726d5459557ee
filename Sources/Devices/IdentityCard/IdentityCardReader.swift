import Peripherals
import SmartCard

/// Reads the holder's data from the chip of a Vietnamese identity card.
///
/// ```swift
/// let result = try await reader.readIdentityCard(.qr(text)) { fraction in … }
/// ```
public struct IdentityCardReader: Sendable {
    private let channel: any CardChannel
    /// Time since some fixed moment.
    private let clock: @Sendable () -> Duration

    public init(channel: any CardChannel, clock: @escaping @Sendable () -> Duration = Self.uptime) {
        self.channel = channel
        self.clock = clock
    }

    private static let start = ContinuousClock.now

    public static let uptime: @Sendable () -> Duration = { start.duration(to: .now) }

    /// The reading as it goes. Whoever stops listening stops the reading.
    ///
    /// - Parameter needs: verdicts that must be reached before `holder`; the others come with `finished`.
    public func events(_ key: CardKey, needs: Set<CardVerdicts.Kind>) -> AsyncStream<CardReadEvent> {
        AsyncStream { events in
            let reading = Task {
                await read(key, needs: needs) { events.yield($0) }
                events.finish()
            }
            events.onTermination = { _ in reading.cancel() }
        }
    }

    /// Reads and reports; the last event is `finished` or `failed`.
    func read(
        _ key: CardKey, needs: Set<CardVerdicts.Kind>, report: @escaping @Sendable (CardReadEvent) -> Void
    ) async {
        do throws(CardReadError) {
            let result = try await read(key) { report(.progress($0)) }
            report(.holder(result))
            report(.finished(result))
        } catch {
            report(.failed(error))
        }
    }

    /// Opens the chip (PACE, else BAC), reads the small groups, and compares their hashes with the security object.
    ///
    /// - Throws: `CardReadError`, each of which has its own message for the applicant. After any of them the next reading
    ///   begins afresh.
    public func read(
        _ key: CardKey, progress: @escaping @Sendable (Double) -> Void = { _ in }
    ) async throws(CardReadError) -> CardReadResult {
        let plan = try OpeningPlan(key)
        var chip = await ChipSession(channel: channel, plan: plan, clock: clock)
        var steps: [CardReadResult.Step] = []
        var began = clock()
        func note(_ name: String, _ fraction: Double) {
            let now = clock()
            steps.append(CardReadResult.Step(name: name, duration: now - began))
            began = now
            progress(fraction)
        }

        progress(0)
        _ = try await chip.open()
        note("open", 0.3)
        let common = try await chip.read(.common).flatMap { try? CommonFile($0) }
        note(ElementaryFile.common.name, 0.4)
        guard let first = try await chip.read(.dataGroup1) else { throw .unreadable("DG1 is missing") }
        note(ElementaryFile.dataGroup1.name, 0.55)
        let zone = try Self.zone(of: first)
        // A wrong card is told before its owner's address is read.
        if let expected = plan.expectedNumber, let number = zone.personalNumber, number != expected { throw .otherCard }
        let hasGroup13 = common.map { $0.tags.contains(UInt8(ElementaryFile.dataGroup13.tag)) } ?? true
        let second = hasGroup13 ? try await chip.read(.dataGroup13) : nil
        note(ElementaryFile.dataGroup13.name, 0.8)
        let security = try await chip.read(.securityObject).flatMap { try? SecurityObject($0) }
        note(ElementaryFile.securityObject.name, 1)

        let citizen = try Citizen(zone, try second.map(Self.group13))
        if let expected = plan.expectedNumber, citizen.number != expected.digits { throw .otherCard }
        guard let access = chip.access else { throw .unreadable("opening") }
        let read: [(ElementaryFile, [UInt8])] =
            [(.dataGroup1, first)] + (second.map { [(.dataGroup13, $0)] } ?? [])
        return CardReadResult(
            citizen: citizen, access: access,
            verdicts: Self.verdicts(security, read),
            groups: Dictionary(
                uniqueKeysWithValues: read.compactMap { file, bytes in file.dataGroupNumber.map { ($0, bytes) } }),
            steps: steps, commands: chip.conversation.commands, bytes: chip.conversation.bytes)
    }

    private static func verdicts(
        _ security: SecurityObject?, _ read: [(ElementaryFile, [UInt8])]
    ) -> CardVerdicts {
        var verdicts = CardVerdicts.notReached("not asked")
        if let security {
            verdicts.hashes =
                read.allSatisfy { security.matches($0.0, $0.1) }
                ? .passed(by: nil) : .failed("a data group is not the one that the security object lists")
        } else {
            verdicts.hashes = .notReached("EF.SOD cannot be read")
        }
        return verdicts
    }

    private static func zone(of bytes: [UInt8]) throws(CardReadError) -> MRZ {
        do {
            return try DataGroup1(bytes).mrz
        } catch {
            throw .unreadable("DG1: \(error)")
        }
    }

    @Sendable private static func group13(_ bytes: [UInt8]) throws(CardReadError) -> DataGroup13 {
        do {
            return try DataGroup13(bytes)
        } catch {
            throw .unreadable("DG13: \(error)")
        }
    }
}
