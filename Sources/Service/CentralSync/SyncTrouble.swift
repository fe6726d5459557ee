import CentralProtocol

/// Why a dossier did not reach the centre, and what that means for the others.
public enum SyncTrouble: Sendable, Equatable, CustomStringConvertible {
    /// No connection, or it was cut.
    case unreachable(String)
    /// The centre doesn't know this kiosk or its secret.
    case notEnrolled
    /// The centre can't take anything now (its disk is full, or it is busy).
    case centreBusy(status: Int)
    /// The centre failed on this dossier.
    case centreFault(status: Int)
    /// The bytes came damaged again and again: by the way, or by this disk.
    case damagedOnTheWay
    /// The centre answered what the protocol doesn't allow: a proxy, or another version.
    case unexpectedAnswer(String)
    /// The receipt isn't the centre's, or is for something else. Nothing is deleted.
    case receiptNotValid(ProtocolError)
    /// The centre refused this dossier for good.
    case refused(CentreProblem.Code)
    /// The sealed file on this disk is gone or damaged.
    case sealedFileDamaged
    /// This kiosk's own disk or database failed.
    case local(String)

    /// Every dossier would meet this, so the others wait too.
    public var isCentreWide: Bool {
        switch self {
        case .unreachable, .notEnrolled, .centreBusy, .local: true
        case .centreFault, .damagedOnTheWay, .unexpectedAnswer, .receiptNotValid, .refused, .sealedFileDamaged: false
        }
    }

    public var description: String { "\(problem). \(remedy)" }

    public var problem: String {
        switch self {
        case .unreachable(let reason): "the centre can't be reached (\(reason))"
        case .notEnrolled: "the centre doesn't accept this kiosk"
        case .centreBusy(let status): "the centre can't take dossiers now (\(status))"
        case .centreFault(let status): "the centre failed (\(status))"
        case .damagedOnTheWay: "the bytes reach the centre damaged"
        case .unexpectedAnswer(let what): "the centre's answer makes no sense: \(what)"
        case .receiptNotValid(let error): "the receipt is not valid: \(error)"
        case .refused(let code): "the centre refused the dossier (\(code.rawValue))"
        case .sealedFileDamaged: "the sealed file is missing or damaged"
        case .local(let what): "this kiosk failed: \(what)"
        }
    }

    /// What a technician does.
    public var remedy: String {
        switch self {
        case .unreachable: "Check the network and central.url; sending goes on by itself."
        case .notEnrolled: "Enrol the kiosk again (kiosk-central enroll) and point central.enrolment to the new file."
        case .centreBusy: "Look at the centre's disk and load; sending goes on by itself."
        case .centreFault: "Look at the centre's log; sending goes on by itself."
        case .damagedOnTheWay: "Check the network's hardware and proxies, and the centre's disk."
        case .unexpectedAnswer: "Check that central.url leads to kiosk-central, not to a proxy's page."
        case .receiptNotValid: "Check that the enrolment file has this centre's keys; nothing was deleted."
        case .refused: "Keep the dossier and report its code to the centre; “kioskctl outbox retry” sends it again."
        case .sealedFileDamaged: "Check the disk; the applicant has to submit again."
        case .local: "Check the disk and the database."
        }
    }
}
