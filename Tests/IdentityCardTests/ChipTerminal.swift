import CardCryptography
import SmartCard

@testable import IdentityCard
@testable import Simulator

/// The shortest way from the protocols' state machines to a simulated chip: no reader, no files, no plan.
struct ChipTerminal {
    var chip: SimulatedChip
    var messaging: SecureMessaging?
    /// Every command as it went over the air.
    private(set) var commands: [APDU.Command] = []
    var hasExtendedLength = true

    init(_ citizen: SyntheticCitizen = .nguyenVanA, traits: SimulatedChip.Traits = .init()) throws {
        guard let issuer = ReadingTests.issuer else { throw Unexpected() }
        chip = try SimulatedChip(citizen, issuer: issuer, traits: traits)
    }

    init(_ protocols: ChipProtocols, citizen: SyntheticCitizen = .nguyenVanA) throws {
        var traits = SimulatedChip.Traits()
        traits.protocols = protocols
        try self.init(citizen, traits: traits)
    }

    mutating func send(_ command: APDU.Command) throws -> APDU.Response {
        var protected = command
        messaging?.hasExtendedLength = hasExtendedLength
        if messaging != nil { protected = try messaging?.protect(command) ?? command }
        var collector = ResponseCollector(protected)
        var next = protected
        while true {
            commands.append(next)
            if !hasExtendedLength, next.isExtended { throw Unexpected() }
            guard let response = APDU.Response(bytes: chip.process(next.bytes).bytes) else { throw Unexpected() }
            switch collector.receive(response) {
            case .transmit(let command): next = command
            case .finished(let whole): return try messaging?.unprotect(whole) ?? whole
            case .endless: throw Unexpected()
            }
        }
    }

    // MARK: Opening

    mutating func open(
        _ info: PACEInfo, password: PACEPassword = .can("123456"), namesParameter: Bool = false,
        resumesSuspended: Bool = false
    ) throws -> (failure: PACE.Failure?, pace: PACE) {
        guard
            var pace = try PACE(
                info, password: password, namesParameter: namesParameter, resumesSuspended: resumesSuspended,
                longestCommandData: hasExtendedLength ? 65_535 : messaging?.longestShortCommandData ?? 255)
        else { throw Unexpected() }
        var step = pace.start()
        while true {
            switch step {
            case .send(let command): step = pace.receive(try send(command))
            case .established(let session):
                messaging = session
                return (nil, pace)
            case .failed(let failure): return (failure, pace)
            }
        }
    }

    /// By PACE as on a Vietnamese card, or by basic access control; then the application is selected.
    mutating func openUsually() throws {
        if chip.protocols.pace.isEmpty {
            _ = try selectApplication()
            var access = try BasicAccess(keyInput: MRZ(lines: chip.citizen.mrzLines).keyInput)
            var step = access.start()
            while case .send(let command) = step { step = access.receive(try send(command)) }
            guard case .established(let session) = step else { throw Unexpected() }
            messaging = session
        } else {
            let can = String(chip.citizen.number.suffix(6))
            guard try open(CardAccessFile.usual.pace[0], password: .can(can)).failure == nil else { throw Unexpected() }
            _ = try selectApplication()
        }
    }

    mutating func selectApplication() throws -> APDU.Response {
        try send(APDU.Command(ins: 0xA4, p1: 0x04, p2: 0x0C, data: hex("A0000002471001")))
    }

    // MARK: Files

    mutating func read(_ identifier: UInt16) throws -> [UInt8] {
        let data = [UInt8(identifier >> 8), UInt8(identifier & 0xFF)]
        guard try send(APDU.Command(ins: 0xA4, p1: 0x02, p2: 0x0C, data: data)).status.isSuccess else {
            throw Unexpected()
        }
        var file: [UInt8] = []
        while true {
            let part = try send(
                APDU.Command(
                    ins: 0xB0, p1: UInt8(file.count >> 8), p2: UInt8(file.count & 0xFF),
                    le: hasExtendedLength ? 4096 : 200))
            guard !part.data.isEmpty else { return file }
            file += part.data
        }
    }

    // MARK: Proofs

    /// - Returns: nil when the new session stands; nothing is proved yet.
    mutating func authenticateChip(
        _ choice: ChipAuthenticationChoice, form: ChipAuthentication.Form? = nil
    ) throws -> ChipAuthentication.Failure? {
        var machine = try ChipAuthentication(
            choice, form: form,
            longestCommandData: hasExtendedLength ? 65_000 : messaging?.longestShortCommandData ?? 223)
        var step = machine.start()
        while true {
            switch step {
            case .send(let command): step = machine.receive(try send(command))
            case .established(let session):
                messaging = session
                return nil
            case .failed(let failure): return failure
            }
        }
    }

    mutating func authenticateActively() throws -> ActiveAuthentication.Step {
        let infos = try? SecurityInfos(dataGroup14: try read(0x010E))
        var machine = try ActiveAuthentication(
            dataGroup15: try read(0x010F), infos: infos, hasExtendedLength: hasExtendedLength)
        guard case .send(let command) = machine.start() else { throw Unexpected() }
        return machine.receive(try send(command))
    }
}
