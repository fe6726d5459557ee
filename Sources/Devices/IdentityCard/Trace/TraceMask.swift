import Peripherals
import SmartCard

/// Takes the person out of a trace: names, numbers, dates, the picture, keys and cryptograms. Tags, lengths, statuses and times
/// stay, and so does everything that says which way a reading went.
struct TraceMask {
    private var numbers: [String: String] = [:]
    /// What all neutral numbers begin with: place, century and sex, year.
    private let head: String

    static func apply(to trace: inout CardTrace) {
        let files = TraceFiles(trace.events)
        var mask = TraceMask(files)
        trace.header.key.number = trace.header.key.number.flatMap { mask.neutral($0) }
        var contents: [TraceFiles.Name: [UInt8]] = [:]
        for (name, content) in files.contents.sorted(by: { $0.key.identifier < $1.key.identifier }) {
            contents[name] = mask.masked(content, of: name)
        }
        var pieces: [Int: TraceFiles.Piece] = [:]
        for piece in files.pieces { pieces[piece.event] = piece }
        for (index, event) in trace.events.enumerated() {
            guard case .exchange(var traced) = event else { continue }
            traced.exchange.command = masked(traced.exchange.command)
            if case .answered(var answer) = traced.exchange.outcome {
                if let piece = pieces[index], let content = contents[piece.file] {
                    let head = answer.data.prefix(piece.skipped)
                    let count = answer.data.count - piece.skipped
                    answer.data = Array(head + content[piece.offset..<(piece.offset + count)])
                } else {
                    answer.data = opaque(answer.data)
                }
                traced.exchange.outcome = .answered(answer)
            }
            trace.events[index] = .exchange(traced)
        }
    }

    // MARK: Numbers

    /// Chosen so that number, date of birth and sex agree as they do on the card.
    private init(_ files: TraceFiles) {
        func file(_ identifier: UInt16) -> [UInt8]? {
            files.contents[.init(isInApplication: true, identifier: identifier)]
        }
        let zone = file(0x0101).flatMap { try? DataGroup1($0).mrz }
        let details = file(0x010D).flatMap { try? DataGroup13($0) }
        let number = details?.text(.number).flatMap { PersonalNumber($0) } ?? zone?.personalNumber
        let sex = details?.text(.sex) ?? (zone?.sex == "F" ? "Nữ" : "Nam")
        var (century, year) = (sex == "Nữ" ? 3 : 2, "00")
        if let number, let birth = details?.date(.dateOfBirth) {
            switch number.contradiction(dateOfBirth: birth, sex: sex) {
            case .yearOfBirth: year = "01"
            case .sex: century = 5 - century
            case nil: break
            }
        } else if let number, number.isMale != (sex != "Nữ") {
            century = 5 - century
        }
        head = "001\(century)\(year)"
        if let number { _ = neutral(number.digits) }
    }

    /// The same for the same number, and other ones for others.
    private mutating func neutral(_ digits: String) -> String? {
        guard PersonalNumber(digits) != nil else { return nil }
        if let known = numbers[digits] { return known }
        let count = String(numbers.count)
        let other = head + String(repeating: "0", count: max(0, 6 - count.utf8.count)) + count
        numbers[digits] = other
        return other
    }

    // MARK: Files

    private mutating func masked(_ content: [UInt8], of file: TraceFiles.Name) -> [UInt8] {
        // Which protocols the chip has is the same for all cards of a series.
        if file == .init(isInApplication: false, identifier: ElementaryFile.cardAccess.identifier) { return content }
        var known = self
        var mask = ObjectMask(content)
        mask.apply(numbers: { known.neutral($0) }, Self.rule(for: file, content))
        self = known
        guard file == .init(isInApplication: true, identifier: 0x0101) else { return mask.bytes }
        return maskedZone(content)
    }

    private static func rule(
        for file: TraceFiles.Name, _ content: [UInt8]
    ) -> (UInt32, ArraySlice<UInt8>) -> ObjectMask.Rule {
        switch (file.isInApplication, file.identifier) {
        case (true, 0x010D): details
        case (true, 0x0102...0x0107): biometric
        case (true, 0x010E): keys(of: content)
        case (true, 0x010F), (_, 0x011D): signed
        case (true, 0x011E): { tag, _ in [0x60, 0x5F01, 0x5F36, 0x5C].contains(tag) ? .keepOrEnter(tag) : .zero }
        case (true, _): fields
        // EF.ATR/INFO, and whatever else stands there.
        case (false, _): { tag, _ in [0x47, 0x7F66].contains(tag) ? .keep : .zero }
        }
    }

    /// DG1 holds one object; what is not understood of it is masked as a text.
    private mutating func maskedZone(_ content: [UInt8]) -> [UInt8] {
        var bytes = content.map(TextMask.byte)
        var at = 0
        for tag: UInt32 in [0x61, 0x5F1F] {
            guard let header = try? TLV.header(of: content[at...]), header.tag == tag else { return bytes }
            let end = min(at + header.headerLength, content.count)
            bytes.replaceSubrange(at..<end, with: content[at..<end])
            at = end
            guard tag == 0x5F1F else { continue }
            let zone = content[at..<min(at + header.valueLength, content.count)]
            var known = self
            let masked = ZoneMask.masked(Array(zone)) { known.neutral($0) }
            self = known
            bytes.replaceSubrange(zone.indices, with: masked)
        }
        return bytes
    }

    /// DG13: numbers of fields, object identifiers, texts.
    private static func details(_ tag: UInt32, _ value: ArraySlice<UInt8>) -> ObjectMask.Rule {
        switch tag {
        case 0x6D, 0x30, 0x31: .inside
        case 0x06: .keep
        case 0x02 where value.count <= 2: .keep
        case 0x0C, 0x13, 0x16: .text
        default: .zero
        }
    }

    /// Biometric data: the frame of ISO 7816-11, the name of the format, and nothing of the body.
    private static func biometric(_ tag: UInt32, _ value: ArraySlice<UInt8>) -> ObjectMask.Rule {
        switch tag {
        case 0x75, 0x63, 0x76, 0x65, 0x66, 0x67, 0x7F61, 0x7F60, 0xA1: .inside
        case 0x02, 0x80, 0x81, 0x82, 0x87, 0x88: .keep
        default: .zero
        }
    }

    /// EF.SOD, EF.CardSecurity, DG15: hashes, keys and signatures go; the signer's certificate is the state's, and stays.
    private static func signed(_ tag: UInt32, _ value: ArraySlice<UInt8>) -> ObjectMask.Rule {
        switch tag {
        case 0x30: isCertificate(value) ? .keep : .inside
        case 0x77, 0x6F, 0x31, 0xA0, 0xA1, 0xA2, 0xA3: .inside
        case 0x04: isSignedContent(value) ? .insideOrZero : .zero
        case 0x17, 0x18: .time
        // A serial number is shorter than the halves of a signature.
        case 0x02 where value.count > 20: .zero
        case 0x01, 0x02, 0x05, 0x06, 0x0A, 0x0C, 0x13: .keep
        default: .zero
        }
    }

    /// DG14: protocols and groups stay, the chip's own public keys become others of the same groups, so that the same choice of
    /// protocols is left.
    private static func keys(of content: [UInt8]) -> (UInt32, ArraySlice<UInt8>) -> ObjectMask.Rule {
        let infos = (try? SecurityInfos(dataGroup14: content))?.chipAuthenticationKeys ?? []
        let others = infos.map { info -> (own: [UInt8], other: [UInt8]) in
            (info.publicKey, (try? info.group.publicKey(of: [2])) ?? [])
        }
        return { tag, value in
            switch tag {
            case 0x6E, 0x30, 0x31, 0xA0, 0xA1: return .inside
            case 0x03:
                for (own, other) in others where own.count == other.count {
                    if let place = value.firstRange(of: own) {
                        return .replace(Array(value[..<place.lowerBound] + other + value[place.upperBound...]))
                    }
                }
                return .zero
            default: return .keep
            }
        }
    }

    /// `SEQUENCE { SEQUENCE { [0] { INTEGER 2 } …` (RFC 5280, 4.1).
    private static func isCertificate(_ value: ArraySlice<UInt8>) -> Bool {
        var rest = value
        guard let body = try? TLV(first: &rest), body.tag == 0x30 else { return false }
        return body.value.starts(with: [0xA0, 0x03, 0x02, 0x01, 0x02])
    }

    /// The list of hashes (`SEQUENCE { INTEGER version, …`), or a set of protocols; a hash or a signature is neither.
    private static func isSignedContent(_ value: ArraySlice<UInt8>) -> Bool {
        var rest = value
        guard let content = try? TLV(first: &rest), rest.isEmpty else { return false }
        return content.tag == 0x31 || (content.tag == 0x30 && content.value.starts(with: [0x02, 0x01]))
    }

    /// DG11, DG12, DG16 and unknown ones: lists of tags, days, texts, pictures.
    private static func fields(_ tag: UInt32, _ value: ArraySlice<UInt8>) -> ObjectMask.Rule {
        switch tag {
        case 0x5C, 0x02: .keep
        case 0x5F2B, 0x5F26, 0x5F55: .day
        case let tag where tag <= 0xFF && tag & 0x20 != 0: .inside
        case 0x5F1B, 0x5F1C, 0x5F1D, 0x5F1E: .zero
        default: String(validating: value, as: UTF8.self) == nil ? .zero : .text
        }
    }

    // MARK: Everything else

    private static func masked(_ command: APDU.Command) -> APDU.Command {
        var command = command
        switch command.ins {
        // SELECT, READ BINARY
        case 0xA4, 0xB0, 0xB1: break
        // MANAGE SECURITY ENVIRONMENT: protocol, kind of password, number of a key (ISO/IEC 7816-4, 11.5.11)
        case 0x22:
            var mask = ObjectMask(command.data)
            mask.apply(numbers: { _ in nil }) { tag, _ in [0x80, 0x83, 0x84].contains(tag) ? .keep : .zero }
            command.data = mask.bytes
        default: command.data = opaque(command.data)
        }
        return command
    }

    /// Nonces, keys, cryptograms: only their form stays.
    private static func opaque(_ data: [UInt8]) -> [UInt8] {
        guard data.first == 0x7C, (try? TLV(data, tag: 0x7C)) != nil else {
            return [UInt8](repeating: 0, count: data.count)
        }
        var mask = ObjectMask(data)
        mask.apply(numbers: { _ in nil }) { tag, _ in tag == 0x7C ? .inside : .zero }
        return mask.bytes
    }
}

extension ObjectMask.Rule {
    fileprivate static func keepOrEnter(_ tag: UInt32) -> Self { tag == 0x60 ? .inside : .keep }
}
