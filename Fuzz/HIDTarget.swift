import BarcodeReader

extension FuzzTarget {
    /// What a QR reader sends, of every kind: report descriptor and reports, lines, key events.
    static let hid = FuzzTarget(name: "hid", longest: 16_384) { bytes in
        var layouts: [HIDPOSLayout] = [.common, .late]
        if let descriptor = HIDReportDescriptor(bytes) {
            _ = descriptor.isBarcodeScanner
            if let layout = descriptor.scannedData { layouts.insert(layout, at: 0) }
        }
        var reports = QRTextAssembler(layouts: layouts)
        var lines = ScanLines()
        var keys = KeyTypist()
        for piece in Pieces(bytes) {
            if case .text(let text) = reports.feed(piece) { check(text) }
            for case .text(let text) in lines.feed(piece) { check(text) }
            for case .typed(let typed) in keys.feed(piece) { precondition(typed.allSatisfy { $0 < 0x80 }) }
        }
        if case .text(let text) = lines.pause() { check(text) }
    }

    private static func check(_ text: String) {
        // Composing can make a letter longer by a few bytes.
        precondition(!text.isEmpty && text.utf8.count <= 4 * QRTextAssembler.longest)
    }
}
