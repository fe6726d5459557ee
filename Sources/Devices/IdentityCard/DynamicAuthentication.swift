import SmartCard

/// GENERAL AUTHENTICATE (ISO/IEC 7816-4, 11.5.5) as PACE and chip authentication use it, and command chaining for what does
/// not fit one short command.
enum DynamicAuthentication {
    /// Commands that carry `data` in pieces of at most `limit` bytes, all but the last with the chaining bit. The last one
    /// has the class byte and Le that were asked for.
    ///
    /// ICAO 9303-11, 4.4.4.3, keeps chaining for linking the steps of a protocol, and asks for extended length otherwise:
    /// pieces are what is left where a reader or a chip has short commands only.
    static func chain(
        cla: UInt8, ins: UInt8, p1: UInt8, p2: UInt8, data: [UInt8], le: Int?, limit: Int
    ) -> [APDU.Command] {
        var commands: [APDU.Command] = []
        var rest = data[...]
        while rest.count > limit {
            commands.append(APDU.Command(cla: 0x10, ins: ins, p1: p1, p2: p2, data: Array(rest.prefix(limit))))
            rest = rest.dropFirst(limit)
        }
        return commands + [APDU.Command(cla: cla, ins: ins, p1: p1, p2: p2, data: Array(rest), le: le)]
    }

    /// `7C { object }`, one step of a protocol.
    /// - Parameters:
    ///   - object: already TLV; empty when the step has none.
    ///   - answerLength: how long the answer's data will be, to choose Le.
    static func commands(
        _ object: [UInt8], isLast: Bool, answerLength: Int = 256, limit: Int
    ) -> [APDU.Command] {
        chain(
            cla: isLast ? 0x00 : 0x10, ins: 0x86, p1: 0, p2: 0, data: TLV.encode(0x7C, object),
            le: answerLength > 256 && limit > 255 ? 65_536 : 256, limit: limit)
    }
}
