/// Turns the kernel's key events into what was typed, by the US layout (`linux/input.h`, `input-event-codes.h`). Pure.
///
/// A QR reader that plays a keyboard knows its own layout only; it has to be set to US. What the layout lacks is lost.
public struct KeyTypist: Sendable {
    /// `struct input_event`: two machine words of time, type, code, value.
    static let eventSize = 2 * MemoryLayout<Int>.size + 8

    private enum EventType {
        static let synchronization: UInt16 = 0
        static let key: UInt16 = 1
    }
    /// Events were lost before this one.
    private static let dropped: UInt16 = 3

    private var rest: [UInt8] = []
    private var held: Set<UInt16> = []
    private var hasCapsLock = false

    public init() {}

    public enum Output: Sendable, Equatable {
        /// ASCII; Enter is CR.
        case typed([UInt8])
        /// The kernel dropped events: what was typed of this scan is not whole.
        case lost
    }

    /// - Parameter bytes: as they were read, cut anywhere.
    public mutating func feed(_ bytes: [UInt8]) -> [Output] {
        rest += bytes
        var outputs: [Output] = []
        var typed: [UInt8] = []
        while rest.count >= Self.eventSize {
            let fields = rest[(Self.eventSize - 8)..<Self.eventSize].map { $0 }
            rest.removeFirst(Self.eventSize)
            let type = UInt16(fields[0]) | UInt16(fields[1]) << 8
            let code = UInt16(fields[2]) | UInt16(fields[3]) << 8
            let value = fields[4...].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            if type == EventType.synchronization, code == Self.dropped {
                held = []
                typed = []
                outputs.append(.lost)
            } else if type == EventType.key, let byte = key(code, value) {
                typed.append(byte)
            }
        }
        if !typed.isEmpty { outputs.append(.typed(typed)) }
        return outputs
    }

    /// - Parameter value: 0 released, 1 pressed, 2 repeated by the kernel, which no reader means.
    private mutating func key(_ code: UInt16, _ value: UInt32) -> UInt8? {
        guard value == 1 else {
            if value == 0 { held.remove(code) }
            return nil
        }
        if code == USKeyboard.capsLock { hasCapsLock.toggle() }
        if USKeyboard.modifiers.contains(code) {
            held.insert(code)
            return nil
        }
        // Alt with digits of the keypad is how Windows types what no key has; here those are no digits.
        guard held.isDisjoint(with: USKeyboard.commands) else { return nil }
        let isShifted = !held.isDisjoint(with: USKeyboard.shifts)
        return USKeyboard.character(code, isShifted: isShifted, hasCapsLock: hasCapsLock)
    }
}

/// The US layout by the kernel's key codes (`linux/input-event-codes.h`).
enum USKeyboard {
    static let capsLock: UInt16 = 58
    static let shifts: Set<UInt16> = [42, 54]
    /// Control, Alt and Meta, left and right.
    static let commands: Set<UInt16> = [29, 97, 56, 100, 125, 126]
    static let modifiers = shifts.union(commands)

    /// Rows of keys: the first key's code, then what its keys type without and with Shift.
    private static let rows: [(first: UInt16, plain: String, shifted: String)] = [
        (2, "1234567890-=", "!@#$%^&*()_+"),
        (15, "\tqwertyuiop[]\r", "\tQWERTYUIOP{}\r"),
        (30, "asdfghjkl;'`", "ASDFGHJKL:\"~"),
        (43, "\\zxcvbnm,./", "|ZXCVBNM<>?"),
        (55, "*", "*"), (57, " ", " "),
        (71, "789-456+1230.", "789-456+1230."),
        // The key beside the left Shift of European keyboards; the keypad's Enter and slash.
        (86, "\\", "|"), (96, "\r", "\r"), (98, "/", "/"),
    ]

    private static let keys: [UInt16: (plain: UInt8, shifted: UInt8)] = {
        var keys: [UInt16: (plain: UInt8, shifted: UInt8)] = [:]
        for row in rows {
            for (index, pair) in zip(row.plain.utf8, row.shifted.utf8).enumerated() {
                keys[row.first + UInt16(index)] = pair
            }
        }
        return keys
    }()

    static func character(_ code: UInt16, isShifted: Bool, hasCapsLock: Bool) -> UInt8? {
        guard let key = keys[code] else { return nil }
        let isLetter = (0x61...0x7A).contains(key.plain)
        return isShifted != (hasCapsLock && isLetter) ? key.shifted : key.plain
    }
}
