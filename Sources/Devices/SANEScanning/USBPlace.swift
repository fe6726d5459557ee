import DocumentScanner
import Foundation

/// What the kernel knows of a USB scanner that SANE names by bus and device number (`fujitsu:libusb:001:007`). The
/// numbers change with every power cycle; serial number and port do not.
struct USBPlace {
    /// sysfs's list of USB devices.
    var devices = "/sys/bus/usb/devices"

    /// Bus and device number in a SANE name: `libusb:BBB:DDD` as libusb's users write it, `busB;devD` as Brother does.
    static func numbers(in name: String) -> (bus: Int, device: Int)? {
        let libusb = name.firstMatch(of: /(libusb|interpreter):([0-9]{1,3}):([0-9]{1,3})/)
        let brother = name.firstMatch(of: /bus([0-9]{1,3});dev([0-9]{1,3})/)
        guard let bus = (libusb?.output.2 ?? brother?.output.1).flatMap({ Int($0) }),
            let device = (libusb?.output.3 ?? brother?.output.2).flatMap({ Int($0) })
        else { return nil }
        return (bus, device)
    }

    /// The serial number that some back ends put into the name: `pixma:04A91912_3A5F01`, `hpaio:/usb/X?serial=CN1234`.
    static func serial(in name: String) -> String? {
        if let match = name.firstMatch(of: /[?&]serial=([A-Za-z0-9._-]{1,64})/) { return String(match.output.1) }
        if let match = name.wholeMatch(of: /pixma:[0-9A-Fa-f]{8}_([A-Za-z0-9]{1,64})/) {
            return String(match.output.1)
        }
        return nil
    }

    /// Fills in what is known; leaves anything else as it is.
    func complete(_ found: FoundScanner) -> FoundScanner {
        var found = found
        found.serial = found.serial ?? Self.serial(in: found.name)
        guard let numbers = Self.numbers(in: found.name) else { return found }
        let ports = (try? FileManager.default.contentsOfDirectory(atPath: devices)) ?? []
        for port in ports.prefix(1000) where !port.contains(":") {
            guard value("busnum", of: port) == String(numbers.bus), value("devnum", of: port) == String(numbers.device)
            else { continue }
            found.port = port
            found.serial = value("serial", of: port) ?? found.serial
            if let vendor = value("idVendor", of: port), let product = value("idProduct", of: port) {
                found.usbID = "\(vendor):\(product)"
            }
            return found
        }
        return found
    }

    /// Whether a scanner that the kernel knew has left its port; nil for one that it never knew.
    func isGone(_ scanner: FoundScanner) -> Bool? {
        guard let port = scanner.port else { return nil }
        return complete(FoundScanner(name: scanner.name, vendor: "", model: "", type: "")).port != port
    }

    private func value(_ attribute: String, of port: String) -> String? {
        guard let handle = FileHandle(forReadingAtPath: "\(devices)/\(port)/\(attribute)"),
            let data = try? handle.read(upToCount: 256), let text = String(bytes: data, encoding: .utf8)
        else { return nil }
        let trimmed = text.trimmingCharacters(in: .whitespacesAndNewlines)
        return trimmed.isEmpty ? nil : trimmed
    }
}
