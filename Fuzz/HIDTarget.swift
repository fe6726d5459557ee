import BarcodeReader

extension FuzzTarget {
    /// What a QR reader sends: its report descriptor and what it tells of the layout, then reports, lines and keys.
    static let hid = FuzzTarget(name: "hid", longest: 16_384) { bytes in
        let descriptor = HIDReportDescriptor(bytes)
        _ = descriptor?.isBarcodeScanner
        var assembler = QRTextAssembler()
        for report in Pieces(bytes) {
            if case .text(let text) = assembler.feed(report) { check(text) }
        }
        var lines = ScanLines()
        for line in lines.feed(bytes) {
            if case .text(let text) = line { check(text) }
        }
        var typist = KeyTypist()
        for piece in Pieces(bytes) { _ = typist.feed(piece) }
    }

    /// A UTF-8 letter can grow when it is composed, but not without end.
    private static func check(_ text: String) { precondition(text.utf8.count <= 4 * QRTextAssembler.longest) }
}
