import CardCryptography
import CardTrust
import Peripherals
import SmartCard
import Synchronization
import Testing

@testable import IdentityCard
@testable import Simulator

/// The reader against the simulator's chip, which was written from the chip's side.
@Suite("Reading an identity card", .timeLimit(.minutes(2)))
struct ReadingTests {
    static let issuer = try? SimulatedIssuer()

    private func channel(
        _ citizen: SyntheticCitizen, traits: SimulatedChip.Traits = .init(), isExtended: Bool = true
    ) throws -> ChipChannel {
        ChipChannel(
            try SimulatedChip(citizen, issuer: try #require(Self.issuer), traits: traits), isExtended: isExtended)
    }

    private func outcome(
        _ channel: any CardChannel, _ key: CardKey
    ) async -> Result<CardReadResult, CardReadError> {
        do throws(CardReadError) {
            return .success(try await IdentityCardReader(channel: channel).read(key))
        } catch {
            return .failure(error)
        }
    }

    private func failure(_ outcome: Result<CardReadResult, CardReadError>) -> CardReadError? {
        if case .failure(let error) = outcome { error } else { nil }
    }

    private func expect(_ result: CardReadResult, _ citizen: SyntheticCitizen) {
        func iso(_ day: String) -> String { "\(day.suffix(4))-\(day.dropFirst(2).prefix(2))-\(day.prefix(2))" }
        #expect(
            result.citizen
                == Citizen(
                    number: citizen.number, fullName: citizen.fullName,
                    dateOfBirth: CalendarDate(iso: iso(citizen.dateOfBirth)) ?? result.citizen.dateOfBirth,
                    sex: citizen.sex, nationality: "Việt Nam", ethnicity: citizen.ethnicity,
                    religion: citizen.religion, placeOfOrigin: citizen.placeOfOrigin,
                    placeOfResidence: citizen.placeOfResidence,
                    dateOfIssue: CalendarDate(iso: iso(citizen.dateOfIssue)),
                    dateOfExpiry: citizen.dateOfExpiry.flatMap { CalendarDate(iso: iso($0)) }, father: citizen.father,
                    mother: citizen.mother, spouse: citizen.spouse, formerNumber: citizen.formerNumber))
        #expect(result.verdicts.hashes.isPassed)
    }

    @Test("the QR code opens every card, by PACE or by basic access control", arguments: SyntheticCitizen.all)
    func byQR(_ citizen: SyntheticCitizen) async throws {
        let result = try await IdentityCardReader(channel: try channel(citizen)).read(.qr(citizen.qrText))
        expect(result, citizen)
        #expect(result.access == (citizen.chip == .basicAccessOnly ? .bac : .paceCAN))
        let opening = citizen.chip == .basicAccessOnly ? "BAC" : "PACE"
        let names = result.steps.map(\.name).filter { $0 != "DG15" }
        #expect(
            names == [
                "EF.CardAccess", "EF.ATR/INFO", opening, "DG1", "EF.SOD", "DG13", "DG14", "chip authentication", "DG2",
            ])
        #expect(result.steps.map(\.commands).reduce(0, +) == result.commands)
        #expect(result.steps.map(\.bytes).reduce(0, +) == result.bytes)
        #expect(result.groups.keys.sorted() == [1, 2, 13, 14] + (citizen.signature == nil ? [] : [15]))
    }

    @Test("so do the card access number and the machine-readable zone")
    func byOtherKeys() async throws {
        let citizen = SyntheticCitizen.phamVanTho
        let byNumber = try await IdentityCardReader(channel: try channel(citizen)).read(.can("000789"))
        expect(byNumber, citizen)
        #expect(byNumber.access == .paceCAN)
        let byZone = try await IdentityCardReader(channel: try channel(citizen)).read(.mrz(citizen.mrzLines))
        expect(byZone, citizen)
        #expect(byZone.access == .paceMRZ)
        let old = SyntheticCitizen.leQuangBac
        let byOldZone = try await IdentityCardReader(channel: try channel(old)).read(.mrz(old.mrzLines))
        expect(byOldZone, old)
        #expect(byOldZone.access == .bac)
    }

    @Test("progress only grows, and ends at 1")
    func progress() async throws {
        let events = IdentityCardReader(channel: try channel(.nguyenVanA)).events(.can("123456"), needs: [])
        var fractions: [Double] = []
        var isHolderTold = false
        for await event in events {
            switch event {
            case .progress(let fraction):
                #expect(!isHolderTold)
                fractions.append(fraction)
            case .holder: isHolderTold = true
            case .finished, .failed: break
            }
        }
        #expect(fractions == fractions.sorted() && fractions.first == 0 && fractions.last == 1 && isHolderTold)
    }

    @Test("a wrong key is told as such, and the right one opens the same card afterwards")
    func wrongKey() async throws {
        let channel = try channel(.nguyenVanA)
        #expect(failure(await outcome(channel, .can("654321"))) == .wrongKey)
        #expect(failure(await outcome(channel, .can("12345"))) == .wrongKey)
        #expect(failure(await outcome(channel, .qr(SyntheticCitizen.dinhThiMai.qrText))) == .wrongKey)
        var lines = SyntheticCitizen.nguyenVanA.mrzLines
        lines[0].replaceSubrange(lines[0].startIndex...lines[0].startIndex, with: "X")
        lines[1] = SyntheticCitizen.phamVanTho.mrzLines[1]
        #expect(failure(await outcome(channel, .mrz(lines))) == .wrongKey)
        expect(try await outcome(channel, .can("123456")).get(), .nguyenVanA)
    }

    @Test("basic access control is tried at most twice with a wrong QR code")
    func wrongBasicAccess() async throws {
        let channel = try channel(.leQuangBac)
        #expect(failure(await outcome(channel, .qr(SyntheticCitizen.nguyenVanA.qrText))) == .wrongKey)
        guard case .unreadable = failure(await outcome(channel, .can("006543"))) else {
            throw Unexpected()
        }
        // Nothing tells the expiry of a card without one: no guess is made.
        let commands = await channel.commands
        var old = SyntheticCitizen.phamVanTho
        old.chip = .basicAccessOnly
        guard case .unreadable = failure(await outcome(channel, .qr(old.qrText))) else { throw Unexpected() }
        #expect(await channel.commands - commands < 8)
        expect(try await outcome(channel, .qr(SyntheticCitizen.leQuangBac.qrText)).get(), .leQuangBac)
    }

    @Test("a chip that the QR code opens but that is another person's is refused", arguments: [true, false])
    func otherCard(pace: Bool) async throws {
        // The same last nine digits and days, another place of registration.
        var twin = SyntheticCitizen.nguyenVanA
        twin.number = "052090123456"
        twin.chip = pace ? .paceAndBasicAccess : .basicAccessOnly
        let channel = try channel(twin)
        #expect(failure(await outcome(channel, .qr(SyntheticCitizen.nguyenVanA.qrText))) == .otherCard)
        expect(try await outcome(channel, .qr(twin.qrText)).get(), twin)
    }

    @Test("a text that is no identity card's never reaches the chip")
    func wrongText() async throws {
        let channel = try channel(.nguyenVanA)
        #expect(failure(await outcome(channel, .qr("https://example.org"))) == .notAnIdentityCardQR)
        #expect(failure(await outcome(channel, .qr("DN4520123456789|4e677579|x"))) == .healthInsuranceQR)
        #expect(await channel.commands == 0)
    }

    @Test(
        "a card that leaves after any command: removed, or less once the holder is known; the next reading works",
        arguments: [SyntheticCitizen.nguyenVanA, .leQuangBac])
    func removedAnywhere(_ citizen: SyntheticCitizen) async throws {
        let channel = try channel(citizen)
        let total = try await outcome(channel, .qr(citizen.qrText)).get().commands
        var lasts: [String] = []
        for index in 0..<total {
            await channel.insertAgain()
            await channel.removeAfter(index)
            var isHolderTold = false
            for await event in IdentityCardReader(channel: channel).events(.qr(citizen.qrText), needs: []) {
                switch event {
                case .progress: break
                case .holder: isHolderTold = true
                case .finished(let result):
                    #expect(isHolderTold && result.citizen.number == citizen.number && result.groups[2] == nil)
                    lasts.append("finished")
                case .failed(let error):
                    #expect(!isHolderTold && error == .removed, "after command \(index) of \(total)")
                    lasts.append("failed")
                }
            }
            await channel.insertAgain()
            expect(try await outcome(channel, .qr(citizen.qrText)).get(), citizen)
        }
        #expect(lasts.count == total)
        #expect(lasts.contains("failed") && lasts.contains("finished"))
    }

    @Test(
        "a chip that refuses long reads ends the session; it is opened again and read with smaller blocks",
        arguments: [SyntheticCitizen.nguyenVanA, .leQuangBac], [300, 223, 200, 130])
    func smallBlocks(citizen: SyntheticCitizen, limit: Int) async throws {
        var traits = SimulatedChip.Traits()
        traits.refusesLeAbove = limit
        let channel = try channel(citizen, traits: traits)
        let result = try await IdentityCardReader(channel: channel).read(.qr(citizen.qrText))
        expect(result, citizen)
    }

    @Test("chips and channels without extended length, and chips that give less than asked")
    func shortLength() async throws {
        var traits = SimulatedChip.Traits()
        traits.takesExtendedLength = false
        for isExtended in [true, false] {
            let channel = try channel(.nguyenVanA, traits: traits, isExtended: isExtended)
            expect(try await outcome(channel, .can("123456")).get(), .nguyenVanA)
        }
        traits.longestRead = 100
        expect(try await outcome(try channel(.nguyenVanA, traits: traits), .can("123456")).get(), .nguyenVanA)
    }

    @Test("EF.CardAccess out of reach, or the parameter wanted by name: the chip opens all the same")
    func oddChips() async throws {
        var traits = SimulatedChip.Traits()
        traits.hidesCardAccess = true
        traits.wantsParameter = true
        let result = try await outcome(try channel(.nguyenVanA, traits: traits), .can("123456")).get()
        expect(result, .nguyenVanA)
        #expect(result.access == .paceCAN)
    }

    @Test("a card that moves at any command under protection and comes back is read to the end, without a byte twice")
    func moved() async throws {
        let citizen = SyntheticCitizen.nguyenVanA
        var traits = SimulatedChip.Traits()
        traits.longestRead = 4000
        let whole = try await outcome(try channel(citizen, traits: traits), .qr(citizen.qrText)).get()
        var resumed = 0
        for index in 0..<whole.commands {
            let clock = TestClock()
            let moving = TamperedChannel(try channel(citizen, traits: traits), clock: clock) {
                _, answer, at throws(SmartCardError) in
                if at == index { throw .mute }
                return answer
            }
            switch await outcome(moving, .qr(citizen.qrText)) {
            case .success(let result):
                resumed += 1
                expect(result, citizen)
                let same = [1, 2, 13].allSatisfy { result.groups[$0] == whole.groups[$0] }
                #expect(same, "after command \(index)")
            case .failure(let error): #expect(error.code == "unreadable", "after command \(index)")
            }
        }
        // Before the chip is open there is nothing to go on with: the applicant lays the card down again.
        #expect(resumed == whole.commands - 8)
    }

    @Test("whoever stops listening stops the reading, in the middle of a command")
    func stopped() async throws {
        let (stopped, stop) = AsyncStream.makeStream(of: Void.self)
        let hanging = HangingChannel(stop: stop)
        for await event in IdentityCardReader(channel: hanging).events(.can("123456"), needs: []) {
            if case .progress = event { break }
        }
        // Ends when the command that hangs was cancelled.
        for await _ in stopped {}
    }

    /// Answers nothing until the task is cancelled.
    private struct HangingChannel: CardChannel {
        let stop: AsyncStream<Void>.Continuation
        let maximumCommandLength = 261

        func transmit(
            _ command: APDU.Command, deadline: Duration
        ) async throws(SmartCardError) -> APDU.Response {
            let (never, open) = AsyncStream.makeStream(of: Void.self)
            for await _ in never {}
            withExtendedLifetime(open) {}
            stop.finish()
            throw .cancelled
        }

        func resetCard() async throws(SmartCardError) {}
    }

    @Test("a card that wastes time is given up after fifteen seconds of the handed-in clock")
    func wastedTime() async throws {
        let now = Mutex(Duration.zero)
        let context = ReadingContext(clock: {
            now.withLock { time in
                time += .seconds(1)
                return time
            }
        })
        let reader = IdentityCardReader(channel: try channel(.nguyenVanA), context: context)
        await #expect(throws: CardReadError.unreadable("the card takes too long")) {
            try await reader.read(.can("123456"))
        }
    }

    @Test("the security object's list: one altered byte of a group, or of the list, and the hashes don't match")
    func hashes() throws {
        let files = try ChipFiles(.nguyenVanA, issuer: try #require(Self.issuer))
        let list = try #require(files.application[0x011D])
        let object = try SecurityObject(list)
        #expect(object.hashFunction == .sha256 && object.hashes.keys.sorted() == [1, 2, 13, 14])
        #expect(object.matches(.dataGroup2, try #require(files.application[0x0102])))
        for (file, identifier) in [(.dataGroup1, 0x0101), (.dataGroup13, 0x010D)] as [(ElementaryFile, UInt16)] {
            var bytes = try #require(files.application[identifier])
            #expect(object.matches(file, bytes))
            for index in bytes.indices {
                bytes[index] ^= 1
                #expect(!object.matches(file, bytes))
                bytes[index] ^= 1
            }
        }
        #expect(!object.matches(.common, try #require(files.application[0x011E])))
        for length in stride(from: 0, to: list.count, by: 7) {
            #expect(throws: CardTrustError.self) { try SecurityObject(Array(list.prefix(length))) }
        }
    }
}
