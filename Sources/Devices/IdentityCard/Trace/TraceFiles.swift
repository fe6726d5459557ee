import SmartCard

/// Puts the files of a trace together again, from the answers to READ BINARY, so that they are masked as what they are.
struct TraceFiles {
    struct Name: Hashable {
        /// The travel document application, or the master file.
        var isInApplication: Bool
        var identifier: UInt16
    }

    /// Where the data of one answer belongs.
    struct Piece {
        /// The index of the event.
        var event: Int
        var file: Name
        var offset: Int
        /// Bytes of the answer that are no part of the file: tag and length of a data object 53h.
        var skipped: Int
    }

    private(set) var contents: [Name: [UInt8]] = [:]
    private(set) var pieces: [Piece] = []

    /// No file of a card is longer.
    private static let limit = 1 << 20

    init(_ events: [CardTraceEvent]) {
        var isInApplication = false
        var current: UInt16 = 0x3F00
        for (index, event) in events.enumerated() {
            switch event {
            case .reset: (isInApplication, current) = (false, 0x3F00)
            case .run: break
            case .exchange(let traced):
                let command = traced.exchange.command
                guard case .answered(let answer) = traced.exchange.outcome else { break }
                if command.ins == 0xA4, answer.status.isSuccess {
                    if command.p1 == 0x04 {
                        (isInApplication, current) = (true, 0)
                    } else if command.data.count == 2 {
                        current = UInt16(command.data[0]) << 8 | UInt16(command.data[1])
                        if current == 0x3F00 { isInApplication = false }
                    }
                }
                guard command.ins & 0xFE == 0xB0, !answer.data.isEmpty,
                    let place = Self.place(of: command, answer.data, &current)
                else { break }
                add(
                    Piece(
                        event: index, file: Name(isInApplication: isInApplication, identifier: current),
                        offset: place.offset, skipped: place.skipped), answer.data)
            }
        }
    }

    private static func place(
        of command: APDU.Command, _ data: [UInt8], _ current: inout UInt16
    ) -> (offset: Int, skipped: Int)? {
        if command.ins == 0xB1 {
            guard let object = try? TLV(command.data, tag: 0x54), object.value.count <= 3,
                let header = try? TLV.header(of: data[...]), header.headerLength <= data.count
            else { return nil }
            return (object.value.reduce(0) { $0 << 8 | Int($1) }, header.headerLength)
        }
        if command.p1 & 0x80 != 0 {
            current = 0x0100 | UInt16(command.p1 & 0x1F)
            return (Int(command.p2), 0)
        }
        return (Int(command.p1) << 8 | Int(command.p2), 0)
    }

    private mutating func add(_ piece: Piece, _ data: [UInt8]) {
        let bytes = data.dropFirst(piece.skipped)
        let end = piece.offset + bytes.count
        guard end <= Self.limit else { return }
        var content = contents[piece.file] ?? []
        if content.count < end { content += [UInt8](repeating: 0, count: end - content.count) }
        content.replaceSubrange(piece.offset..<end, with: bytes)
        contents[piece.file] = content
        pieces.append(piece)
    }
}
