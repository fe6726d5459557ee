import Testing

@testable import BarcodeReader

/// Key events written by hand: 16 bytes of time, type, code, value (`linux/input.h`, 64 bit).
enum Keys {
    static func event(_ type: UInt16, _ code: UInt16, _ value: UInt32) -> [UInt8] {
        let time = [UInt8](repeating: 0x5A, count: 2 * MemoryLayout<Int>.size)
        return time + [type, code].flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
            + [UInt8(value & 0xFF), UInt8(value >> 8 & 0xFF), 0, 0]
    }

    /// Pressed and released, each with the scan code and the report that the kernel adds.
    static func stroke(_ code: UInt16) -> [UInt8] {
        event(4, 4, 0x70004) + event(1, code, 1) + event(0, 0, 0) + event(1, code, 0) + event(0, 0, 0)
    }

    static func held(_ modifier: UInt16, _ codes: UInt16...) -> [UInt8] {
        event(1, modifier, 1) + codes.flatMap(stroke) + event(1, modifier, 0)
    }
}

@Suite struct KeyTypistTests {
    private func typed(_ bytes: [UInt8]) -> String {
        var typist = KeyTypist()
        var letters: [UInt8] = []
        for case .typed(let new) in typist.feed(bytes) { letters += new }
        return String(decoding: letters, as: UTF8.self)
    }

    @Test(
        "every key of the US layout types what its cap says",
        arguments: [
            // KEY_1 … KEY_EQUAL, KEY_Q …, KEY_A …, KEY_BACKSLASH …, from linux/input-event-codes.h
            (UInt16(2), "1", "!"), (3, "2", "@"), (10, "9", "("), (11, "0", ")"), (12, "-", "_"), (13, "=", "+"),
            (15, "\t", "\t"), (16, "q", "Q"), (25, "p", "P"), (26, "[", "{"), (27, "]", "}"), (28, "\r", "\r"),
            (30, "a", "A"), (38, "l", "L"), (39, ";", ":"), (40, "'", "\""), (41, "`", "~"), (43, "\\", "|"),
            (44, "z", "Z"), (50, "m", "M"), (51, ",", "<"), (52, ".", ">"), (53, "/", "?"), (57, " ", " "),
            (71, "7", "7"), (82, "0", "0"), (96, "\r", "\r"), (98, "/", "/"),
            (1, "", ""), (14, "", ""), (59, "", ""), (300, "", ""),
        ])
    func layout(_ code: UInt16, _ plain: String, _ shifted: String) {
        #expect(typed(Keys.stroke(code)) == plain)
        #expect(typed(Keys.held(42, code)) == shifted)
        #expect(typed(Keys.held(54, code)) == shifted)
    }

    @Test("a line of digits and bars is typed whole, cut at every byte")
    func cut() {
        // 05|Nam, then Enter
        let bytes =
            Keys.stroke(11) + Keys.stroke(6) + Keys.held(42, 43, 49) + Keys.stroke(30) + Keys.stroke(50)
            + Keys.stroke(28)
        for cut in 0...bytes.count {
            var typist = KeyTypist()
            var letters: [UInt8] = []
            for piece in [bytes[..<cut], bytes[cut...]] {
                for case .typed(let new) in typist.feed([UInt8](piece)) { letters += new }
            }
            #expect(letters == [UInt8]("05|Nam\r".utf8))
        }
    }

    @Test("what is typed with Alt, Control or Meta is nothing: the digits of an Alt code are no digits")
    func commands() {
        // Alt + 0 2 2 5 on the keypad
        #expect(typed(Keys.held(56, 82, 80, 80, 76) + Keys.stroke(3)) == "2")
        for modifier: UInt16 in [29, 97, 56, 100, 125, 126] { #expect(typed(Keys.held(modifier, 30)) == "") }
    }

    @Test("Caps Lock turns letters and nothing else; repeats are nobody's")
    func capsLock() {
        #expect(typed(Keys.stroke(58) + Keys.stroke(30) + Keys.stroke(2) + Keys.held(42, 30, 43)) == "A1a|")
        #expect(typed(Keys.event(1, 30, 1) + Keys.event(1, 30, 2) + Keys.event(1, 30, 0)) == "a")
    }

    @Test("when the kernel dropped events, what came before is not taken for whole")
    func dropped() {
        var typist = KeyTypist()
        let outputs = typist.feed(Keys.stroke(30) + Keys.event(1, 42, 1) + Keys.event(0, 3, 0) + Keys.stroke(48))
        #expect(outputs == [.lost, .typed([UInt8]("b".utf8))])
    }
}
