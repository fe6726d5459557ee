import IdentityCard

extension FuzzTarget {
    /// The machine-readable zone: ninety bytes, and as lines.
    static let mrz = FuzzTarget(name: "mrz", longest: 512) { bytes in
        let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
        _ = try? MRZ(lines: lines.map { String(decoding: $0, as: UTF8.self) })
        // The check digits are put right half of the time: otherwise nothing would get past them.
        var zone = bytes
        if bytes.count == 91, bytes.last.map({ $0 & 1 == 0 }) == true {
            zone.removeLast()
            for (range, digit) in [(5..<14, 14), (15..<29, 29), (30..<36, 36), (38..<44, 44)] {
                zone[digit] = MRZ.checkDigit(Array(zone[range]))
            }
            zone[59] = MRZ.checkDigit(Array(zone[5..<30] + zone[30..<37] + zone[38..<45] + zone[48..<59]))
        }
        guard let mrz = try? MRZ(bytes: zone) else { return }
        precondition(mrz.dateOfBirth.utf8.count == 6 && mrz.dateOfExpiry.utf8.count == 6 && mrz.sex.utf8.count == 1)
        precondition(mrz.keyInput.utf8.count >= 24)
        if let number = mrz.personalNumber { precondition(number.digits.utf8.count == 12) }
    }
}
