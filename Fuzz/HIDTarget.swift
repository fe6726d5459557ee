import BarcodeReader

extension FuzzTarget {
    /// What a QR reader sends: its report descriptor, then reports.
    static let hid = FuzzTarget(name: "hid", longest: 16_384) { bytes in
        _ = HIDReportDescriptor(bytes)?.isBarcodeScanner
        var assembler = QRTextAssembler()
        for report in Pieces(bytes) {
            if case .text(let text) = assembler.feed(report) {
                precondition(text.utf8.count <= 4 * QRTextAssembler.longest)
            }
        }
    }
}
