/// Messages of the interrupt endpoint (USB CCID 1.1, 6.3).
package enum CCIDNotification: Equatable {
    /// Whether a card lies in the slot that was asked about, and whether that changed.
    case slotChange(isPresent: Bool, hasChanged: Bool)
    case hardwareError(code: UInt8)

    /// - Returns: nil for anything else, and for a message that does not reach the slot.
    package init?(_ bytes: [UInt8], slot: UInt8) {
        switch bytes.first {
        case 0x50:
            let at = 1 + Int(slot) / 4
            guard bytes.count > at else { return nil }
            let bits = bytes[at] >> (2 * (slot % 4))
            self = .slotChange(isPresent: bits & 1 != 0, hasChanged: bits & 2 != 0)
        case 0x51:
            guard bytes.count >= 4 else { return nil }
            self = .hardwareError(code: bytes[3])
        default:
            return nil
        }
    }
}
