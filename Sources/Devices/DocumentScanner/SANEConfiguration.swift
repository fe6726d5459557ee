import Foundation

/// Writes a configuration folder for libsane (`SANE_CONFIG_DIR`), so that a kiosk uses its own scanner and no other
/// that happens to be on the network.
public enum SANEConfiguration {
    /// - Parameters:
    ///   - directory: made when it is missing; `dll.conf` and `airscan.conf` in it are replaced.
    ///   - airscan: driverless scanners by name and eSCL address, for example `http://127.0.0.1:8520/eSCL`.
    ///     Automatic discovery is switched off.
    ///   - testBackend: also SANE's back end `test`, a scanner without hardware.
    ///   - backends: further back ends by name, for example `["fujitsu"]`.
    public static func write(
        to directory: URL, airscan: [(name: String, url: String)] = [], testBackend: Bool = false,
        backends: [String] = []
    ) throws(SANEConfigurationError) {
        var names = backends
        if !airscan.isEmpty { names.append("airscan") }
        if testBackend { names.append("test") }
        for name in names where !isPlain(name, extra: "_-") { throw .badName(name) }
        for device in airscan {
            guard !device.name.isEmpty, isPlain(device.name, extra: " _-.") else { throw .badName(device.name) }
            guard let url = URL(string: device.url), ["http", "https"].contains(url.scheme), url.host != nil,
                !device.url.contains(where: { $0.isWhitespace || $0 == "\"" || $0 == "," || $0 == "#" })
            else { throw .badAddress(device.url) }
        }
        do {
            try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
            try put(names.map { $0 + "\n" }.joined(), "dll.conf", in: directory)
            try put(airscanFile(airscan), "airscan.conf", in: directory)
        } catch {
            throw .cannotWrite(directory.path)
        }
    }

    private static func airscanFile(_ devices: [(name: String, url: String)]) -> String {
        let lines = devices.map { "\"\($0.name)\" = \($0.url), eSCL\n" }.joined()
        return "[devices]\n\(lines)\n[options]\ndiscovery = disable\nws-discovery = off\n"
    }

    private static func put(_ text: String, _ name: String, in directory: URL) throws {
        try Data(text.utf8).write(to: directory.appendingPathComponent(name), options: .atomic)
    }

    private static func isPlain(_ name: String, extra: String) -> Bool {
        name.unicodeScalars.allSatisfy {
            $0.isASCII && ($0.properties.isAlphabetic || ("0"..."9").contains($0) || extra.unicodeScalars.contains($0))
        }
    }
}

public enum SANEConfigurationError: Error, Sendable, Equatable, CustomStringConvertible {
    case badName(String)
    case badAddress(String)
    case cannotWrite(String)

    public var description: String {
        switch self {
        case .badName(let name): "scanner name \"\(name)\": use letters, digits, blanks, dots, hyphens, underscores"
        case .badAddress(let url): "scanner address \"\(url)\": use http://HOST:PORT/eSCL"
        case .cannotWrite(let path): "cannot write SANE's configuration to \(path): check that the folder is writable"
        }
    }
}
