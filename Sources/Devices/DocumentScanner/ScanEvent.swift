import Foundation
import Peripherals

/// What `kiosk-scan` says: one line of JSON an event on its standard output. A run ends with `done` or `failed`; one
/// that ends without either has crashed.
public enum ScanEvent: Sendable, Equatable {
    /// A scanner, in answer to `list`, or one that is there while the kiosk's own is absent.
    case device(FoundScanner)
    /// The scanner is open and takes orders.
    case opened(FoundScanner)
    /// A page is finished: the name of a file in the directory, pixels, dots per inch.
    case page(file: String, width: Int, height: Int, resolution: Int)
    case status(ScannerCondition)
    case abilities(ScannerAbilities)
    case done
    case failed(ScanError)
}

extension ScanEvent {
    /// Pixels along a side, and the file name's length: beyond these an event is not believed.
    static let sideLimit = 40_000
    static let resolutionLimit = 4_800
    static let fileNameLimit = 100

    private struct Wire: Codable {
        var event: String
        var name: String?
        var vendor: String?
        var model: String?
        var type: String?
        var serial: String?
        var port: String?
        var usbID: String?
        var address: String?
        var abilities: ScannerAbilities?
        var file: String?
        var width: Int?
        var height: Int?
        var resolution: Int?
        var condition: String?
        var code: String?
        var message: String?
    }

    /// - Returns: nil for anything that is no event within its bounds. Back ends print what they like.
    public init?(line: String) {
        guard line.hasPrefix("{"), let wire = try? JSONDecoder().decode(Wire.self, from: Data(line.utf8)) else {
            return nil
        }
        switch wire.event {
        case "device":
            guard let device = Self.scanner(wire) else { return nil }
            self = .device(device)
        case "opened":
            guard let device = Self.scanner(wire) else { return nil }
            self = .opened(device)
        case "page":
            guard let file = wire.file, Self.isPlainName(file),
                let width = wire.width, (1...Self.sideLimit).contains(width),
                let height = wire.height, (1...Self.sideLimit).contains(height),
                let resolution = wire.resolution, (1...Self.resolutionLimit).contains(resolution)
            else { return nil }
            self = .page(file: file, width: width, height: height, resolution: resolution)
        case "status":
            guard let condition = wire.condition.flatMap(ScannerCondition.init(rawValue:)) else { return nil }
            self = .status(condition)
        case "abilities":
            guard let abilities = wire.abilities, Self.isWithinBounds(abilities) else { return nil }
            self = .abilities(abilities)
        case "done":
            self = .done
        case "failed":
            guard let code = wire.code else { return nil }
            self = .failed(Self.error(code: code, message: wire.message ?? ""))
        default:
            return nil
        }
    }

    /// The event as one line, without the line feed.
    public var line: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(wire) else { return #"{"code":"failed","event":"failed"}"# }
        return String(decoding: data, as: UTF8.self)
    }

    private var wire: Wire {
        switch self {
        case .device(let it): Self.wire("device", it)
        case .opened(let it): Self.wire("opened", it)
        case .page(let file, let width, let height, let resolution):
            Wire(event: "page", file: file, width: width, height: height, resolution: resolution)
        case .status(let condition): Wire(event: "status", condition: condition.code)
        case .abilities(let abilities): Wire(event: "abilities", abilities: abilities)
        case .done: Wire(event: "done")
        case .failed(.failed(let message)): Wire(event: "failed", code: "failed", message: message)
        case .failed(let error): Wire(event: "failed", code: error.code)
        }
    }

    private static func wire(_ event: String, _ it: FoundScanner) -> Wire {
        Wire(
            event: event, name: it.name, vendor: it.vendor, model: it.model, type: it.type, serial: it.serial,
            port: it.port, usbID: it.usbID, address: it.address)
    }

    private static func scanner(_ wire: Wire) -> FoundScanner? {
        guard let name = wire.name, name.utf8.count <= 500 else { return nil }
        func short(_ text: String?) -> String? { text.map { String($0.prefix(200)) } }
        return FoundScanner(
            name: name, vendor: short(wire.vendor) ?? "", model: short(wire.model) ?? "",
            type: short(wire.type) ?? "", serial: short(wire.serial), port: short(wire.port),
            usbID: short(wire.usbID), address: short(wire.address))
    }

    private static func isWithinBounds(_ abilities: ScannerAbilities) -> Bool {
        abilities.sources.count <= 50 && abilities.modes.count <= 50
            && abilities.sources.allSatisfy {
                $0.resolutions.count <= 200 && $0.name.utf8.count <= 200
                    && $0.resolutions.allSatisfy((1...100_000).contains)
            } && abilities.modes.allSatisfy { $0.utf8.count <= 200 }
    }

    /// A name in the directory and nothing else: no slash, no leading dot.
    private static func isPlainName(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.count <= fileNameLimit && !name.hasPrefix(".")
            && name.utf8.allSatisfy { $0 != UInt8(ascii: "/") && $0 >= 0x20 }
    }

    private static func error(code: String, message: String) -> ScanError {
        switch code {
        case "timed-out": .timedOut
        case "disk-full": .diskFull
        case "cancelled": .cancelled
        default:
            if let condition = ScannerCondition(rawValue: code) {
                .device(condition)
            } else {
                .failed(String(message.prefix(500)))
            }
        }
    }
}
