import CardCryptography
import Foundation
import Peripherals
import SmartCard
import Testing

@testable import IdentityCard
@testable import Simulator

@Suite("Card trace and replay", .timeLimit(.minutes(2)))
struct CardTraceTests {
    private func channel(_ citizen: SyntheticCitizen, removedAfter count: Int? = nil) async throws -> ChipChannel {
        let channel = ChipChannel(try SimulatedChip(citizen, issuer: try #require(ReadingTests.issuer)))
        if let count { await channel.removeAfter(count) }
        return channel
    }

    private func trace(
        _ channel: any CardChannel, _ key: CardKey, masked: Bool = true, needs: Set<CardVerdicts.Kind> = []
    ) async throws -> CardTrace {
        await CardTrace.record(
            channel, key, try OpeningPlan(key), needs: needs, masked: masked, kioskVersion: "1", reader: "Simulated",
            context: ReadingContext())
    }

    /// The trace goes through its text, as a technician's does.
    private func replay(_ trace: CardTrace) async throws -> CardReplay {
        let again = try CardTrace(text: try trace.text())
        #expect(again.events.count == trace.events.count)
        return await again.replay()
    }

    private static func keys(_ citizen: SyntheticCitizen) -> [CardKey] {
        [.qr(citizen.qrText), .mrz(citizen.mrzLines), .can(String(citizen.number.suffix(6)))]
            .filter { citizen.chip != .basicAccessOnly || $0 != .can(String(citizen.number.suffix(6))) }
    }

    // MARK: What must not be there

    @Test(
        "nothing of a person is in a masked trace, in no encoding; everything is in one that is not",
        arguments: SyntheticCitizen.all)
    func personalData(_ original: SyntheticCitizen) async throws {
        var citizen = original
        for hasDetails in [false, true] {
            citizen.hasAdditionalDetails = hasDetails
            let files = try ChipFiles(citizen, issuer: try #require(ReadingTests.issuer))
            let needles = try PersonalBytes(citizen, files)
            for key in Self.keys(citizen) {
                let masked = try await trace(try await channel(citizen), key)
                let leaks = needles.found(in: masked, text: try masked.text())
                #expect(leaks == [])
                let open = try await trace(try await channel(citizen), key, masked: false)
                let found = needles.found(in: open, text: try open.text())
                #expect(found.count >= 10, "the test looks for what is there")
                #expect(open.outcome.error == nil && open.events.count == masked.events.count)
            }
        }
    }

    @Test(
        "nor when the card leaves after any command",
        arguments: [SyntheticCitizen.nguyenVanA, .leQuangBac, .dinhThiMai])
    func personalDataOfBrokenReadings(_ citizen: SyntheticCitizen) async throws {
        let files = try ChipFiles(citizen, issuer: try #require(ReadingTests.issuer))
        let needles = try PersonalBytes(citizen, files)
        let whole = try await channel(citizen)
        _ = try await trace(whole, .qr(citizen.qrText))
        for count in 0..<(await whole.commands) {
            let broken = try await trace(try await channel(citizen, removedAfter: count), .qr(citizen.qrText))
            let leaks = needles.found(in: broken, text: try broken.text())
            #expect(leaks == [])
        }
    }

    @Test("tags, lengths, statuses and times stay; a photograph is its length")
    func form() async throws {
        let key = CardKey.qr(SyntheticCitizen.nguyenVanA.qrText)
        let chip = try SimulatedChip(.nguyenVanA, issuer: try #require(ReadingTests.issuer))
        let masked = try await trace(ChipChannel(chip), key)
        let open = try await trace(ChipChannel(chip), key, masked: false)
        func shape(_ trace: CardTrace) -> [String] {
            trace.events.map { event in
                guard case .exchange(let traced) = event, case .answered(let answer) = traced.exchange.outcome else {
                    return "\(event)"
                }
                let command = traced.exchange.command
                return "\(command.ins) \(command.p1) \(command.p2) \(command.data.count) \(command.le ?? -1) "
                    + "\(answer.data.count) \(answer.status) \(traced.transmissions) \(traced.bytes)"
            }
        }
        #expect(shape(masked) == shape(open))
        let text = try masked.text()
        #expect(text.utf8.count < 16_000)
        #expect(text.contains(#"(00x"#))
        let first = try #require(text.split(separator: "\n").first)
        #expect(first.contains(#""masked":true"#) && first.contains(#""format":1"#))
    }

    // MARK: Replay

    @Test("a card that was read is read again, by the same steps", arguments: SyntheticCitizen.all)
    func good(_ citizen: SyntheticCitizen) async throws {
        for key in Self.keys(citizen) {
            let chip = try SimulatedChip(citizen, issuer: try #require(ReadingTests.issuer))
            let trace = try await trace(ChipChannel(chip), key)
            #expect(trace.replays && trace.outcome.error == nil)
            let replay = try await replay(trace)
            #expect(replay.isSame && replay.missing == nil)
            #expect(replay.outcome.groups == [1, 2, 13, 14] + (citizen.signature == nil ? [] : [15]))
            let live = try await IdentityCardReader(channel: ChipChannel(chip)).read(key)
            #expect(replay.steps.map(\.name) == live.steps.map(\.name))
            #expect(replay.steps.map(\.commands) == live.steps.map(\.commands))
            #expect(replay.steps.map(\.bytes) == live.steps.map(\.bytes))
            #expect(trace.outcome.verdicts?.hashes == live.verdicts.hashes)
        }
    }

    @Test(
        "a card that left after any command fails again in the same way",
        arguments: [SyntheticCitizen.nguyenVanA, .leQuangBac])
    func removed(_ citizen: SyntheticCitizen) async throws {
        let whole = try await channel(citizen)
        _ = try await trace(whole, .qr(citizen.qrText))
        for count in 0..<(await whole.commands) {
            let trace = try await trace(try await channel(citizen, removedAfter: count), .qr(citizen.qrText))
            let replay = try await replay(trace)
            #expect(replay.isSame && trace.replays, "after \(count): \(replay.outcome) instead of \(replay.recorded)")
        }
    }

    @Test("a wrong key, and another person's chip, fail again in the same way", arguments: [true, false])
    func keys(pace: Bool) async throws {
        var citizen = pace ? SyntheticCitizen.nguyenVanA : .leQuangBac
        let wrong = try await trace(try await channel(citizen), .qr(SyntheticCitizen.dinhThiMai.qrText))
        #expect(wrong.outcome.error == "wrong-key")
        #expect(try await replay(wrong).outcome.error == "wrong-key")

        // Opens with the code of the other, because the last digits, the days and so the keys are the same.
        let code = citizen.qrText
        citizen.number = "075" + citizen.number.dropFirst(3)
        let other = try await trace(try await channel(citizen), .qr(code))
        #expect(other.outcome.error == "other-card")
        let replay = try await replay(other)
        #expect(replay.outcome.error == "other-card" && replay.isSame && other.replays)
    }

    @Test(
        "a card whose data contradict each other, or cannot be understood, fails again with the same words",
        arguments: Flaw.allCases)
    func flaws(_ flaw: Flaw) async throws {
        var citizen = SyntheticCitizen.nguyenVanA
        switch flaw {
        case .sex: citizen.sex = "Nữ"
        case .year: citizen.dateOfBirth = "01011991"
        case .day: citizen.dateOfBirth = "31021990"
        }
        let trace = try await trace(try await channel(citizen), .can("123456"))
        #expect(trace.outcome.error == "unreadable")
        let replay = try await replay(trace)
        #expect(replay.outcome.comparable == trace.outcome.comparable && trace.replays)
    }

    enum Flaw: CaseIterable { case sex, year, day }
}

/// Everything personal of a citizen, in the ways in which bytes may say it.
private struct PersonalBytes {
    private var needles: [String: [UInt8]] = [:]

    init(_ citizen: SyntheticCitizen, _ files: ChipFiles) throws {
        let photograph = try #require(files.application[0x0102])
        // Whoever guesses the data can tell by their hash that the guess is right.
        for group: UInt16 in [0x0101, 0x010D] {
            let hash = try HashFunction.sha256.hash(try #require(files.application[group]))
            needles["hash of \(group)"] = hash
        }
        func add(_ name: String, _ text: String) {
            needles[name] = Array(text.utf8)
            needles["\(name), decomposed"] = Array(text.decomposedStringWithCanonicalMapping.utf8)
            needles["\(name), UTF-16"] = text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
        }
        func addDigits(_ name: String, _ digits: String) {
            add(name, digits)
            let values = digits.utf8.map { $0 - 0x30 }
            needles["\(name), packed"] = stride(from: 0, to: values.count - 1, by: 2).map {
                values[$0] << 4 | values[$0 + 1]
            }
        }
        addDigits("number", citizen.number)
        addDigits("document number", String(citizen.number.suffix(9)))
        add("card access number", String(citizen.number.suffix(6)))
        for (name, day) in [
            ("birth", citizen.dateOfBirth), ("issue", citizen.dateOfIssue), ("expiry", citizen.dateOfExpiry ?? ""),
        ] where !day.isEmpty {
            let (dd, mm, yyyy) = (day.prefix(2), day.dropFirst(2).prefix(2), day.suffix(4))
            add("\(name) on the card", "\(dd)/\(mm)/\(yyyy)")
            addDigits("\(name) in a QR code", day)
            addDigits("\(name) in order", "\(yyyy)\(mm)\(dd)")
            add("\(name) in a zone", "\(yyyy.suffix(2))\(mm)\(dd)")
        }
        let names = [
            citizen.fullName, citizen.father, citizen.mother, citizen.spouse ?? "", citizen.placeOfOrigin,
            citizen.placeOfResidence, citizen.features,
        ]
        for (index, name) in names.enumerated() where name.utf8.count > 6 { add("text \(index)", name) }
        for word in citizen.fullName.split(separator: " ") where word.utf8.count > 3 {
            add("word \(word)", String(word))
        }
        for (index, line) in citizen.mrzLines.enumerated() { add("zone \(index)", line) }
        add("name in the zone", String(citizen.mrzLines[2].prefix { $0 != "<" }) + "<<")
        if let former = citizen.formerNumber { addDigits("former number", former) }
        add("serial", citizen.serial)
        // Behind the headers of record and image, which all cards share.
        for start in stride(from: photograph.count / 4, to: photograph.count - 12, by: 97) {
            needles["photograph at \(start)"] = Array(photograph[start..<start + 12])
        }
    }

    func found(in trace: CardTrace, text: String) -> [String] {
        var haystacks = [Array(text.utf8)]
        for case .exchange(let traced) in trace.events {
            haystacks.append(traced.exchange.command.data)
            if case .answered(let answer) = traced.exchange.outcome { haystacks.append(answer.data) }
        }
        // Also across the borders of answers, and as the text's own hexadecimal.
        haystacks.append(haystacks.dropFirst().flatMap(\.self))
        let places = haystacks.map { Data($0) }
        return needles.filter { needle in
            let hex = Data(needle.value.map { String(format: "%02X", $0) }.joined().utf8)
            return places.contains { $0.range(of: Data(needle.value)) != nil } || places[0].range(of: hex) != nil
        }.map(\.key).sorted()
    }
}
