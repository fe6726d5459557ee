import SmartCard

/// What a call to pcscd gave instead of success: its code (pcsc-lite, `pcsclite.h`), and what was being done.
struct PCSCError: Error, Equatable {
    var code: Int
    var doing: String

    // The codes are LONG, 64 bits wide, and positive there.
    static let cancelled = 0x8010_0002
    static let invalidHandle = 0x8010_0003
    static let unknownReader = 0x8010_0009
    static let timeout = 0x8010_000A
    static let sharingViolation = 0x8010_000B
    static let noSmartcard = 0x8010_000C
    static let protocolMismatch = 0x8010_000F
    static let communicationError = 0x8010_0013
    static let notTransacted = 0x8010_0016
    static let readerUnavailable = 0x8010_0017
    static let noService = 0x8010_001D
    static let serviceStopped = 0x8010_001E
    static let noReadersAvailable = 0x8010_002E
    static let unresponsiveCard = 0x8010_0066
    static let unpoweredCard = 0x8010_0067
    static let resetCard = 0x8010_0068
    static let removedCard = 0x8010_0069
    static let securityViolation = 0x8010_006A

    /// pcscd does not run, or ended and took every handle with it.
    var isServiceGone: Bool {
        [Self.noService, Self.serviceStopped, Self.communicationError, Self.invalidHandle].contains(code)
    }

    /// The card's communication failed: whether it left, the reader's state tells.
    var isCardFailure: Bool {
        [Self.notTransacted, Self.unpoweredCard, Self.unresponsiveCard, Self.protocolMismatch].contains(code)
    }

    /// What it means outside a session.
    var smartCardError: SmartCardError {
        switch code {
        case Self.noSmartcard, Self.removedCard: .noCard
        case Self.unresponsiveCard, Self.unpoweredCard, Self.protocolMismatch, Self.notTransacted: .mute
        // Another program reset the card: the session with it is over.
        case Self.resetCard: .removed
        case Self.sharingViolation: .busy("another program, through pcscd")
        case Self.securityViolation:
            .accessDenied("pcscd does not serve this user; see its polkit rules (org.debian.pcsc-lite)")
        case Self.timeout: .timedOut
        case Self.cancelled: .cancelled
        case Self.unknownReader, Self.readerUnavailable, Self.noReadersAvailable: .readerGone
        case _ where isServiceGone: .readerGone
        default: .reader("\(doing): pcscd says \(String(UInt32(truncatingIfNeeded: code), radix: 16))")
        }
    }
}
