import Foundation
import Peripherals

/// The document scanner, worked by the program `kiosk-scan`.
public struct ScannerSettings: Sendable, Equatable {
    /// The device's exact name in SANE, where it never changes; nil looks for one that the other keys describe.
    public var device: String?
    /// Parts of the names of maker and model, any case.
    public var vendor: String?
    public var model: String?
    public var serial: String?
    /// Bus and port numbers as the kernel names them, for example `1-1.4`.
    public var port: String?
    /// A folder with SANE's own configuration (`dll.conf`, `airscan.conf`); nil uses the system's.
    public var saneConfig: URL?
    /// The program; nil means `kiosk-scan` beside the running program.
    public var program: URL?
    /// The program that makes documents of the pages, beside the one that scans.
    public var pageProgram: URL? { program?.deletingLastPathComponent().appending(path: "kiosk-page") }
    public var source: ScanSource
    public var mode: ScanMode
    public var paper: ScanPaper
    /// Dots per inch.
    public var resolution: Int
    /// A batch longer than this is refused.
    public var maximumPages: Int
    /// Further options of the SANE back end by their names: a device's quirks.
    public var options: [String: String]

    init(_ section: inout YAMLSection) throws(YAMLFault) {
        device = try section.optionalString("device")
        vendor = try section.optionalString("vendor")
        model = try section.optionalString("model")
        serial = try section.optionalString("serial")
        port = try section.optionalString("port")
        saneConfig = try section.optionalPath("saneConfig")
        program = try section.optionalPath("program")
        source = try section.choice("source", or: .automatic)
        mode = try section.choice("mode", or: .colour)
        paper = try section.choice("paper", or: .a4)
        resolution = try section.integer("resolution", in: 100...600, or: 300)
        maximumPages = try section.integer("maximumPages", in: 1...200, or: 60)
        options =
            try section.optionalSection("options") { options throws(YAMLFault) in
                var values: [String: String] = [:]
                for name in options.keys { values[name] = try options.string(name) }
                return values
            } ?? [:]
        if let port, port.wholeMatch(of: /[0-9]+-[0-9]+(\.[0-9]+)*/) == nil {
            throw section.fault(
                "port", "is not a port", remedy: "Write it as `kioskctl scanner status` shows it, e.g. 1-1.4")
        }
        if device != nil, vendor != nil || model != nil || port != nil {
            throw section.fault(
                "device", "names the scanner already",
                remedy: "Leave device out, or leave vendor, model and port out; serial may stand with either")
        }
    }
}
