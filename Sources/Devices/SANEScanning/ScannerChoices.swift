import DocumentScanner

/// Finds what a setting is called by a back end. Names differ: `ADF`, `Automatic Document Feeder`, `ADF Front`.
enum ScannerChoices {
    /// - Returns: nil when the scanner has no such source; for `automatic`, also when it has no choice of sources.
    static func source(_ source: ScanSource, among choices: [String]) -> String? {
        let duplex = choices.first { isFeeder($0) && isDuplex($0) }
        let simplex = choices.first { isFeeder($0) && !isDuplex($0) && !$0.lowercased().contains("back") }
        let glass = choices.first { choice in
            ["flatbed", "platen", "glass"].contains { choice.lowercased().contains($0) }
        }
        return switch source {
        case .automatic: simplex ?? glass
        case .feeder: simplex
        case .duplex: duplex
        case .flatbed: glass
        }
    }

    /// Whether a source of this name takes sheet after sheet.
    static func isFeeder(_ choice: String) -> Bool {
        let name = choice.lowercased()
        return name.contains("adf") || name.contains("feeder")
    }

    static func mode(_ mode: ScanMode, among choices: [String]) -> String? {
        let prefixes =
            switch mode {
            case .colour: ["color", "colour", "24bit color", "24 bit color"]
            case .grey: ["gray", "grey", "grayscale", "true gray", "8bit gray"]
            }
        return prefixes.lazy.compactMap { prefix in choices.first { $0.lowercased().hasPrefix(prefix) } }.first
    }

    private static func isDuplex(_ choice: String) -> Bool {
        choice.lowercased().contains("duplex") || choice.lowercased().contains("both")
    }
}
