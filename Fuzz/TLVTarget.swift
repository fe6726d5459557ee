import IdentityCard

extension FuzzTarget {
    /// Data objects of any nesting, and the small files made of them.
    static let tlv = FuzzTarget(name: "tlv", longest: 65_536) { bytes in
        walk(bytes[...], depth: 0)
        _ = try? CommonFile(bytes)
        if let infos = try? SecurityInfos(bytes) {
            let choices = PACEChoices(infos)
            precondition(choices.taken.count + choices.refused.count == infos.pace.count)
        }
        let information = CardInformationFile(bytes)
        precondition((64...65_544).contains(information.maximumCommandLength ?? 64))
        precondition((64...65_538).contains(information.maximumResponseLength ?? 64))
    }

    /// Whatever was read lies inside what it was read from, in order and without gaps.
    private static func walk(_ bytes: ArraySlice<UInt8>, depth: Int) {
        guard depth < 16, let objects = try? TLV.all(in: bytes) else { return }
        var at = bytes.startIndex
        for object in objects {
            precondition(object.encoded.startIndex == at && object.value.endIndex == object.encoded.endIndex)
            at = object.encoded.endIndex
            var again = TLV.encode(object.tag, object.bytes)[...]
            let copy = try? TLV(first: &again)
            // A tag that begins with a zero byte is the only one that does not come back.
            precondition(object.encoded.first == 0 || (copy?.tag == object.tag && copy?.value == object.value))
            walk(object.value, depth: depth + 1)
        }
        precondition(at == bytes.endIndex)
    }
}
