/// The sensors of the virtual printer, and how they look in each kind of status answer (Epson's reference).
struct PrinterState: Sendable, Equatable {
    var hasPaper = true
    var isNearEnd = false
    var isCoverOpen = false
    var isCutterJammed = false
    var isOverheated = false
    /// Switched offline by hand.
    var isOffline = false
    var isBroken = false
    /// Whether there is a sensor for a thin roll.
    var hasNearEndSensor = true

    private var hasError: Bool { isCutterJammed || isOverheated || isBroken }

    var isOnline: Bool { hasPaper && !isCoverOpen && !isOffline && !hasError }

    /// The cutter needs no paper, but a closed cover and a free blade.
    var canCut: Bool { !isCoverOpen && !isOffline && !hasError }

    private var isThin: Bool { hasNearEndSensor && (isNearEnd || !hasPaper) }

    /// The answer to `DLE EOT n`: bits 1 and 4 are always set.
    func realTime(_ n: UInt8) -> UInt8 {
        var byte: UInt8 = 0b0001_0010
        switch n {
        case 1: if !isOnline { byte |= 1 << 3 }
        case 2:
            if isCoverOpen { byte |= 1 << 2 }
            if !hasPaper { byte |= 1 << 5 }
            if hasError { byte |= 1 << 6 }
        case 3: byte |= errors
        default:
            if isThin { byte |= 0b0000_1100 }
            if !hasPaper { byte |= 0b0110_0000 }
        }
        return byte
    }

    /// Bit 3 the cutter, bit 5 what can't be recovered from, bit 6 what recovers by itself: the same places in the
    /// answer to `DLE EOT 3` and in the second byte of `GS a`.
    private var errors: UInt8 { (isCutterJammed ? 1 << 3 : 0) | (isBroken ? 1 << 5 : 0) | (isOverheated ? 1 << 6 : 0) }

    /// The four bytes of `GS a`.
    var automatic: [UInt8] {
        var bytes: [UInt8] = [0b0001_0000, errors, 0, 0b0000_1111]
        if !isOnline { bytes[0] |= 1 << 3 }
        if isCoverOpen { bytes[0] |= 1 << 5 }
        if isThin { bytes[2] |= 0b0011 }
        if !hasPaper { bytes[2] |= 0b1100 }
        return bytes
    }

    /// The answer to `GS r 1`.
    var paperSensor: UInt8 { (isThin ? 0b0011 : 0) | (hasPaper ? 0 : 0b1100) }

    /// The byte of `GET_PORT_STATUS` (printer class 1.1): bit 3 no error, bit 4 selected, bit 5 paper empty.
    var port: UInt8 {
        (isCoverOpen || hasError || !hasPaper ? 0 : 1 << 3) | (isOnline ? 1 << 4 : 0) | (hasPaper ? 0 : 1 << 5)
    }
}
