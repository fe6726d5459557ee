import Foundation

/// The scanners that `airscan.conf` names, read so that their status can be asked for directly.
enum AirscanConfiguration {
    /// - Parameter deviceName: as SANE lists it: `airscan:e0:Scanner`, the name from the file after the second colon.
    /// - Returns: the eSCL address, or nil for another back end and for a scanner that was discovered by itself.
    static func address(of deviceName: String, in text: String) -> String? {
        let parts = deviceName.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == "airscan", parts[1].hasPrefix("e") else { return nil }
        var inDevices = false
        for raw in text.split(whereSeparator: \.isNewline) {
            let line = raw.trimmingCharacters(in: .whitespaces)
            if line.hasPrefix("[") {
                inDevices = line.lowercased() == "[devices]"
            } else if inDevices, !line.hasPrefix("#"), !line.hasPrefix(";"), let equals = line.lastIndex(of: "=") {
                let name = line[..<equals].trimmingCharacters(in: CharacterSet(charactersIn: " \t\""))
                let value = line[line.index(after: equals)...].split(separator: ",").map {
                    $0.trimmingCharacters(in: .whitespaces)
                }
                let isESCL = value.count < 2 || value[1].lowercased() == "escl"
                if name == parts[2], isESCL, let url = value.first, url.hasPrefix("http") { return url }
            }
        }
        return nil
    }

    /// The file that libsane reads: in `SANE_CONFIG_DIR`, or the system's.
    static func text(environment: [String: String] = ProcessInfo.processInfo.environment) -> String {
        let directories = (environment["SANE_CONFIG_DIR"] ?? "/etc/sane.d").split(separator: ":")
        for directory in directories {
            if let text = try? String(contentsOfFile: directory + "/airscan.conf", encoding: .utf8) {
                return String(text.prefix(100_000))
            }
        }
        return ""
    }
}
