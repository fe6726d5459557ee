import Peripherals

/// What a printer's status bits say, gathered from several answers.
public struct ESCPOSStatus: Sendable, Equatable {
    /// The `n` of `DLE EOT n`.
    public enum Request: UInt8, Sendable, CaseIterable {
        case printer = 1
        case offlineCause = 2
        case errorCause = 3
        case paperSensor = 4
    }

    public var offline = false
    public var coverOpen = false
    public var paperEnd = false
    public var paperNearEnd = false
    public var cutterError = false
    public var unrecoverableError = false
    /// The head is too hot, or the voltage is wrong: it goes on by itself.
    public var autoRecoverableError = false
    public var mechanicalError = false

    public init() {}

    /// Takes in the answer to one `DLE EOT n`.
    public mutating func apply(_ byte: UInt8, to request: Request) {
        func bit(_ n: Int) -> Bool { byte >> n & 1 != 0 }
        switch request {
        case .printer:
            offline = bit(3)
        case .offlineCause:
            coverOpen = bit(2)
            if bit(5) { paperEnd = true }
        case .errorCause:
            mechanicalError = bit(2)
            cutterError = bit(3)
            unrecoverableError = bit(5)
            autoRecoverableError = bit(6)
        case .paperSensor:
            paperNearEnd = bit(2) || bit(3)
            if bit(5) || bit(6) { paperEnd = true }
        }
    }

    /// The four bytes of an automatic status (`GS a`).
    public init(automatic bytes: [UInt8]) {
        guard bytes.count == 4 else { return }
        func bit(_ byte: Int, _ n: Int) -> Bool { bytes[byte] >> n & 1 != 0 }
        offline = bit(0, 3)
        coverOpen = bit(0, 5)
        mechanicalError = bit(1, 2)
        cutterError = bit(1, 3)
        unrecoverableError = bit(1, 5)
        autoRecoverableError = bit(1, 6)
        paperNearEnd = bit(2, 0) || bit(2, 1)
        paperEnd = bit(2, 2) || bit(2, 3)
    }

    /// The cause that has to be repaired first. An open cover also lifts the paper off its sensor, so it comes first.
    public var condition: PrinterCondition {
        if coverOpen { return .coverOpen }
        if paperEnd { return .paperOut }
        if cutterError { return .cutterJam }
        if unrecoverableError || mechanicalError { return .fault }
        if autoRecoverableError { return .overheated }
        if offline { return .offline }
        return paperNearEnd ? .paperNearEnd : .ready
    }
}
