import Foundation

/// Who holds a device that we cannot claim: the name that a technician knows, such as `pcscd` or `usblp`.
enum USBHolder {
    /// - Returns: a program's name where this process may see it, else the kernel driver's, else nil.
    static func find(_ info: USBDeviceInfo, interface: UInt8) -> String? {
        let link = "/sys/bus/usb/devices/\(info.port):1.\(interface)/driver"
        let driver = (try? FileManager.default.destinationOfSymbolicLink(atPath: link))?.split(separator: "/").last
        if let driver, driver != "usbfs" { return String(driver) }
        if let program = program(holding: "/dev/bus/usb/\(info.address)") { return program }
        // Another user's program cannot be looked into. Who holds a card reader is rarely anybody but pcscd.
        let isCardReader = info.interfaces.contains { $0.number == interface && $0.interfaceClass == cardReaderClass }
        guard isCardReader else { return nil }
        // A service that systemd keeps apart does not even see other processes (ProtectProc=); pcscd's socket it does.
        let isThere = isRunning("pcscd") || FileManager.default.fileExists(atPath: "/run/pcscd/pcscd.comm")
        return isThere ? "pcscd" : nil
    }

    /// bInterfaceClass of smart-card readers (USB CCID 1.1, 4.4).
    private static let cardReaderClass: UInt8 = 0x0B

    private static func isRunning(_ program: String) -> Bool {
        let processes = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return processes.contains { process in
            process.allSatisfy(\.isNumber) && name(of: process) == program
        }
    }

    private static func name(of process: String) -> String {
        let name = (try? String(contentsOfFile: "/proc/\(process)/comm", encoding: .utf8)) ?? ""
        return name.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private static func program(holding node: String) -> String? {
        let files = FileManager.default
        let own = String(ProcessInfo.processInfo.processIdentifier)
        // Processes of other users, and those that end meanwhile, cannot be looked into: they are passed over.
        for process in (try? files.contentsOfDirectory(atPath: "/proc")) ?? []
        where process != own && process.allSatisfy(\.isNumber) {
            for descriptor in (try? files.contentsOfDirectory(atPath: "/proc/\(process)/fd")) ?? []
            where (try? files.destinationOfSymbolicLink(atPath: "/proc/\(process)/fd/\(descriptor)")) == node {
                return name(of: process)
            }
        }
        return nil
    }
}
