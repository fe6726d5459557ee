import DocumentScanner
import Peripherals

/// Finds what a setting is called by a back end. Names differ: `ADF`, `Automatic Document Feeder`, `ADF Front`.
enum ScannerChoices {
    /// - Returns: nil when the scanner has no such source; for `automatic`, also when it has no choice of sources.
    static func source(_ source: ScanSource, among choices: [String]) -> String? {
        let duplex = choices.first { kind(of: $0) == .duplex }
        let simplex = choices.first { kind(of: $0) == .feeder }
        let glass = choices.first { kind(of: $0) == .flatbed }
        return switch source {
        case .automatic: simplex ?? glass
        case .feeder: simplex
        case .duplex: duplex
        case .flatbed: glass
        }
    }

    /// What a source of this name is; nil for one that serves nothing here, such as a feeder's back side alone.
    static func kind(of choice: String) -> ScanSource? {
        let name = choice.lowercased()
        if isFeeder(choice) {
            if name.contains("duplex") || name.contains("both") { return .duplex }
            return name.contains("back") ? nil : .feeder
        }
        return ["flatbed", "platen", "glass"].contains { name.contains($0) } ? .flatbed : nil
    }

    /// Whether a source of this name takes sheet after sheet.
    static func isFeeder(_ choice: String) -> Bool {
        let name = choice.lowercased()
        return name.contains("adf") || name.contains("feeder")
    }

    /// - Returns: the nearest mode: grey for a scanner without colour, colour for one without grey; nil when it has
    ///   neither.
    static func mode(_ mode: ScanMode, among choices: [String]) -> String? {
        let colour = ["color", "colour", "24bit color", "24 bit color"]
        let grey = ["gray", "grey", "grayscale", "true gray", "8bit gray"]
        let prefixes = mode == .colour ? colour + grey : grey + colour
        return prefixes.lazy.compactMap { prefix in choices.first { $0.lowercased().hasPrefix(prefix) } }.first
    }

    /// What a scanner can do, asked source by source: the glass may be larger than the feeder.
    static func abilities(of options: SANEOptions) -> ScannerAbilities {
        let names = options.choices("source")
        let sources = (names.isEmpty ? [""] : Array(names.prefix(20))).map { name in
            if !name.isEmpty { options.set("source", text: name) }
            let resolutions = options.numbers("resolution") ?? options.numbers("x-resolution")
            return ScannerAbilities.Source(
                name: name, kind: kind(of: name), resolutions: resolutions?.values.map { Int($0.rounded()) } ?? [],
                isRange: resolutions?.isRange ?? false, width: options.millimetres("br-x"),
                height: options.millimetres("br-y"))
        }
        return ScannerAbilities(sources: sources, modes: options.choices("mode"))
    }
}
