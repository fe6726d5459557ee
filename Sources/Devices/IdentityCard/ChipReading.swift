import CardTrust
import FaceImage
import Foundation
import Peripherals
import SmartCard

/// One reading of one chip from the first command to the last: `ReadingOrder` says what comes next, `ChipSession` does it.
struct ChipReading {
    private let plan: OpeningPlan
    let context: ReadingContext
    private let needs: Set<CardVerdicts.Kind>
    private let report: @Sendable (CardReadEvent) -> Void
    var chip: ChipSession
    var order: ReadingOrder
    private var groups: [Int: [UInt8]] = [:]
    private var zone: MRZ?
    private var citizen: Citizen?
    private var photograph: CardPhotograph?
    private var passive: PassiveAuthentication?
    /// Why there is no security object.
    private var unsigned = "not read yet"
    var proof = ChipProof.none("not asked yet")
    private var totalBytes = 0

    /// All groups together; a card with more is not an identity card.
    private static let groupBytesLimit = 2 << 20

    init(
        channel: any CardChannel, plan: OpeningPlan, needs: Set<CardVerdicts.Kind>, context: ReadingContext,
        report: @escaping @Sendable (CardReadEvent) -> Void
    ) async {
        self.plan = plan
        self.needs = needs
        self.context = context
        self.report = report
        order = ReadingOrder(needs: needs)
        chip = await ChipSession(channel: channel, plan: plan, context: context)
    }

    /// What was done so far.
    var steps: [CardReadResult.Step] { chip.log.steps }

    /// Reports everything; the last event is `finished` or `failed`.
    mutating func run() async {
        var isHolderTold = false
        do throws(CardReadError) {
            report(.progress(0))
            try await chip.open()
            report(.progress(0.35))
            while let step = following() {
                switch step {
                case .read(let file): try await read(file)
                case .authenticateChip: try await authenticateChip()
                case .tellHolder:
                    if needs.contains(.chip) { try await chip.confirmKeys() }
                    let result = try result()
                    report(.progress(1))
                    report(.holder(result))
                    isHolderTold = true
                case .finish: break
                }
                if !isHolderTold { report(.progress(progress)) }
            }
            try await chip.confirmKeys()
            report(.finished(try result()))
        } catch {
            report(isHolderTold ? lastWord(error) : .failed(error))
        }
    }

    private mutating func following() -> ReadingOrder.Step? {
        let step = order.next()
        return step == .finish ? nil : step
    }

    private var progress: Double { min(0.95, 0.35 + 0.2 * Double(groups.count + (passive == nil ? 0 : 1))) }

    /// The holder is known; a card that left meanwhile gives less.
    private mutating func lastWord(_ error: CardReadError) -> CardReadEvent {
        let why = error == .removed || error == .noCard ? "the card left" : "the reading ended (\(error.code))"
        if case .none = proof { proof = .none("\(why) before chip authentication") }
        do throws(CardReadError) { return .finished(try result()) } catch { return .failed(error) }
    }
}

// MARK: - Files

extension ChipReading {
    private mutating func read(_ file: ElementaryFile) async throws(CardReadError) {
        if let number = file.dataGroupNumber, groups[number] != nil { return }
        let outcome = try await chip.read(file)
        switch file {
        case .securityObject: takeSecurityObject(outcome)
        case .common: takeCommonFile(outcome)
        case .dataGroup1: try takeZone(outcome)
        case .dataGroup13: try takeDetails(outcome)
        case .dataGroup2:
            guard let bytes = try keep(outcome, 2) else { break }
            // A picture that cannot be shown is still in `groups`, and its hash in the verdict.
            photograph = (try? DataGroup2(bytes)).flatMap { try? FacePhotograph.make(of: $0.image) }
        case .dataGroup(let number): try keep(outcome, number)
        case .cardAccess, .cardSecurity: break
        }
    }

    @discardableResult
    mutating func keep(_ outcome: ChipSession.Outcome, _ number: Int) throws(CardReadError) -> [UInt8]? {
        guard case .file(let bytes) = outcome else { return nil }
        totalBytes += bytes.count
        guard totalBytes <= Self.groupBytesLimit else { throw .unreadable("the data groups are too long") }
        groups[number] = bytes
        return bytes
    }

    private mutating func takeSecurityObject(_ outcome: ChipSession.Outcome) {
        switch outcome {
        case .file(let bytes):
            let passive = PassiveAuthentication(bytes)
            self.passive = passive
            if let list = passive.securityObject {
                order.know(Set(list.hashes.keys))
                return
            }
        case .absent: unsigned = "the card has no EF.SOD"
        case .refused(let why): unsigned = "EF.SOD: \(why)"
        }
        order.askCommonFile()
    }

    private mutating func takeCommonFile(_ outcome: ChipSession.Outcome) {
        guard case .file(let bytes) = outcome, let list = try? CommonFile(bytes) else { return }
        order.know(Set(list.tags.compactMap { ElementaryFile(groupTag: UInt32($0))?.dataGroupNumber }))
    }

    /// A wrong card is told before its owner's address is read.
    private mutating func takeZone(_ outcome: ChipSession.Outcome) throws(CardReadError) {
        guard let bytes = try keep(outcome, 1) else { throw .unreadable("DG1: \(Self.reason(outcome))") }
        let zone: MRZ
        do { zone = try DataGroup1(bytes).mrz } catch { throw .unreadable("DG1: \(error)") }
        if let expected = plan.expectedNumber, let number = zone.personalNumber, number != expected { throw .otherCard }
        self.zone = zone
    }

    private mutating func takeDetails(_ outcome: ChipSession.Outcome) throws(CardReadError) {
        if case .refused(let why) = outcome { throw .unreadable("DG13: \(why)") }
        try keep(outcome, 13)
    }

    private static func reason(_ outcome: ChipSession.Outcome) -> String {
        switch outcome {
        case .file: "not understood"
        case .absent: "missing"
        case .refused(let why): why
        }
    }
}

// MARK: - Result

extension ChipReading {
    private mutating func result() throws(CardReadError) -> CardReadResult {
        guard let access = chip.access else { throw .unreadable("opening") }
        return CardReadResult(
            citizen: try holder(), access: access, verdicts: verdicts(), photograph: photograph, groups: groups,
            steps: chip.log.steps, commands: chip.conversation.commands, bytes: chip.conversation.bytes)
    }

    private mutating func holder() throws(CardReadError) -> Citizen {
        if let citizen { return citizen }
        guard let zone else { throw .unreadable("DG1 is missing") }
        var details: DataGroup13?
        if let bytes = groups[13] {
            do { details = try DataGroup13(bytes) } catch { throw .unreadable("DG13: \(error)") }
        }
        let citizen = try Citizen(zone, details)
        if let expected = plan.expectedNumber, citizen.number != expected.digits { throw .otherCard }
        self.citizen = citizen
        return citizen
    }

    /// Chip authentication counts once an answer under its keys was right.
    private var settledProof: ChipProof {
        switch chip.newKeys {
        case .none, .confirmed: proof
        case .awaited, .unanswered: .none("\(ChipSession.chipAuthentication): the card left before it answered")
        case .refuted: .failed("\(ChipSession.chipAuthentication): the chip does not have the key in DG14")
        }
    }

    /// Where the signature names no time, the signer's certificate must be valid today, or have been on the day of issue: a signer
    /// expires long before the cards that it signed.
    private func reachedVerdicts(_ passive: PassiveAuthentication) -> PassiveAuthentication.Verdicts {
        let (trust, now) = (context.trust, context.now())
        let today = passive.verdicts(groups: groups, trust: trust, at: now)
        guard !today.trust.isPassed, let dateOfIssue = citizen?.dateOfIssue?.noon else { return today }
        let then = passive.verdicts(groups: groups, trust: trust, at: now, issued: dateOfIssue)
        return then.trust.isPassed ? then : today
    }

    private func verdicts() -> CardVerdicts {
        var verdicts = CardVerdicts.notReached(unsigned)
        if let passive {
            let reached = reachedVerdicts(passive)
            verdicts.hashes = reached.hashes
            verdicts.signature = reached.signature
            verdicts.trust = reached.trust
        }
        let list = passive?.securityObject
        verdicts.chip = settledProof.verdict(
            matches: { number in
                guard let list, list.hashes[number] != nil, let bytes = groups[number] else { return nil }
                return list.matches(group: number, bytes)
            }, signature: verdicts.signature)
        return verdicts
    }
}
