import Foundation

/// Who holds a device that we cannot claim: the name that a technician knows, such as `pcscd` or `usblp`.
enum USBHolder {
    /// - Returns: a program's name where this process may see it, else the kernel driver's, else nil.
    static func find(_ info: USBDeviceInfo, interface: UInt8) -> String? {
        let link = "/sys/bus/usb/devices/\(info.port):1.\(interface)/driver"
        let driver = (try? FileManager.default.destinationOfSymbolicLink(atPath: link))?.split(separator: "/").last
        if let driver, driver != "usbfs" { return String(driver) }
        return program(holding: "/dev/bus/usb/\(info.address)")
    }

    private static func program(holding node: String) -> String? {
        let files = FileManager.default
        let own = String(ProcessInfo.processInfo.processIdentifier)
        // Processes of other users, and those that end meanwhile, cannot be looked into: they are passed over.
        for process in (try? files.contentsOfDirectory(atPath: "/proc")) ?? []
        where process != own && process.allSatisfy(\.isNumber) {
            for descriptor in (try? files.contentsOfDirectory(atPath: "/proc/\(process)/fd")) ?? []
            where (try? files.destinationOfSymbolicLink(atPath: "/proc/\(process)/fd/\(descriptor)")) == node {
                let name = (try? String(contentsOfFile: "/proc/\(process)/comm", encoding: .utf8)) ?? ""
                return name.trimmingCharacters(in: .whitespacesAndNewlines)
            }
        }
        return nil
    }
}
