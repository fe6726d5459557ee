import CardCryptography
import IdentityCard
import SmartCard

/// The peer: reads a card as most programs do. Every file is selected, its header read, then blocks of 223 bytes; EF.COM tells
/// what there is. It shares the protocols with the kiosk's reader, and none of its decisions.
struct FixedBlocks {
    struct Unexpected: Error {}

    private static let block = 223
    private let channel: any CardChannel
    private var messaging: SecureMessaging?

    init(_ channel: any CardChannel) { self.channel = channel }

    /// - Returns: the files by identifier.
    mutating func read(cardAccessNumber: String, groups: [UInt16]) async throws -> [UInt16: [UInt8]] {
        _ = try await send(APDU.Command(ins: 0xA4, p1: 0, p2: 0x0C, data: [0x3F, 0x00]))
        let access = try CardAccessFile(try await file(0x011C))
        try await open(access, cardAccessNumber)
        let application: [UInt8] = [0xA0, 0x00, 0x00, 0x02, 0x47, 0x10, 0x01]
        _ = try await send(APDU.Command(ins: 0xA4, p1: 4, p2: 0x0C, data: application))
        var files: [UInt16: [UInt8]] = [:]
        for identifier in [0x011E, 0x011D, 0x010E] as [UInt16] { files[identifier] = try await file(identifier) }
        try await authenticateChip(files[0x010E] ?? [])
        for identifier in groups { files[identifier] = try await file(identifier) }
        return files
    }

    private mutating func authenticateChip(_ group: [UInt8]) async throws {
        guard let choice = try SecurityInfos(dataGroup14: group).chipAuthenticationChoices.first else {
            throw Unexpected()
        }
        var authentication = try ChipAuthentication(choice)
        var step = authentication.start()
        while case .send(let command) = step { step = authentication.receive(try await send(command)) }
        guard case .established(let messaging) = step else { throw Unexpected() }
        protect(messaging)
    }

    private mutating func protect(_ messaging: SecureMessaging) {
        self.messaging = messaging
        self.messaging?.hasExtendedLength = false
    }

    private mutating func open(_ access: CardAccessFile, _ number: String) async throws {
        guard let info = access.pace.first, var pace = try PACE(info, password: .can(number)) else {
            throw Unexpected()
        }
        var step = pace.start()
        while true {
            switch step {
            case .send(let command): step = pace.receive(try await send(command))
            case .established(let messaging):
                protect(messaging)
                return
            case .failed: throw Unexpected()
            }
        }
    }

    private mutating func file(_ identifier: UInt16) async throws -> [UInt8] {
        let name = [UInt8(identifier >> 8), UInt8(identifier & 0xFF)]
        guard try await send(APDU.Command(ins: 0xA4, p1: 2, p2: 0x0C, data: name)).status.isSuccess else {
            throw Unexpected()
        }
        var bytes = try await send(APDU.Command(ins: 0xB0, p1: 0, p2: 0, le: 4)).data
        guard bytes.count == 4 else { throw Unexpected() }
        let total =
            switch bytes[1] {
            case 0x82: 4 + Int(bytes[2]) << 8 + Int(bytes[3])
            case 0x81: 3 + Int(bytes[2])
            default: 2 + Int(bytes[1])
            }
        while bytes.count < total {
            let length = min(Self.block, total - bytes.count)
            let part = try await send(
                APDU.Command(ins: 0xB0, p1: UInt8(bytes.count >> 8), p2: UInt8(bytes.count & 0xFF), le: length))
            guard part.status.isSuccess, part.data.count == length else { throw Unexpected() }
            bytes += part.data
        }
        return bytes
    }

    private mutating func send(_ command: APDU.Command) async throws -> APDU.Response {
        guard var session = messaging else { return try await channel.transmit(command, deadline: .seconds(1)) }
        let answer = try await channel.transmit(try session.protect(command), deadline: .seconds(1))
        let plain = try session.unprotect(answer)
        messaging = session
        return plain
    }
}
