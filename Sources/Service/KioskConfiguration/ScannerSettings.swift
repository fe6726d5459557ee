import Foundation

/// The document scanner, worked by the program `kiosk-scan`.
public struct ScannerSettings: Sendable, Equatable {
    /// The device's name in SANE; nil takes the first one found.
    public var device: String?
    /// A folder with SANE's own configuration (`dll.conf`, `airscan.conf`); nil uses the system's.
    public var saneConfig: URL?
    /// The program; nil means `kiosk-scan` beside the running program.
    public var program: URL?
    /// Dots per inch.
    public var resolution: Int

    init(_ section: inout YAMLSection) throws(YAMLFault) {
        device = try section.optionalString("device")
        saneConfig = try section.optionalPath("saneConfig")
        program = try section.optionalPath("program")
        resolution = try section.integer("resolution", in: 100...600, or: 300)
    }
}
