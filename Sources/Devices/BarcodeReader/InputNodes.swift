import Foundation
import USB

/// Finds the kernel's input devices that belong to a USB device, by its port and ids in sysfs.
struct InputNodes: Sendable {
    /// `/sys/bus/usb/devices`, and where the nodes are.
    var devices = URL(filePath: "/sys/bus/usb/devices")
    var nodes = URL(filePath: "/dev/input")

    /// From an interface down to `0003:0C2E:0B01.0001/input/input12/event5`.
    private static let depth = 5

    /// - Returns: the paths of the event nodes of all the device's keyboard interfaces; empty when the kernel knows no
    ///   such keyboard at that port.
    func paths(for info: USBDeviceInfo) -> [String] {
        let device = devices.appending(path: info.port)
        // A port of this machine, not one of the same name on a USB/IP server.
        guard Self.number(device.appending(path: "idVendor")) == info.vendor,
            Self.number(device.appending(path: "idProduct")) == info.product
        else { return [] }
        let keyboards = KeyboardReader.interfaces(of: info)
        return Self.contents(devices)
            .filter { name in keyboards.contains { name.hasPrefix("\(info.port):") && name.hasSuffix(".\($0)") } }
            .flatMap { Self.events(below: devices.appending(path: $0), depth: Self.depth) }
            .sorted().map { nodes.appending(path: $0).path }
    }

    private static func events(below folder: URL, depth: Int) -> [String] {
        guard depth > 0 else { return [] }
        return contents(folder).flatMap { name -> [String] in
            if name.wholeMatch(of: /event[0-9]+/) != nil { return [name] }
            let below = folder.appending(path: name)
            // Links lead out of the device's own tree.
            guard isFolder(below) else { return [] }
            return events(below: below, depth: depth - 1)
        }
    }

    private static func contents(_ folder: URL) -> [String] {
        // A folder that is not there has nothing in it.
        (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    }

    private static func isFolder(_ url: URL) -> Bool {
        let attributes = try? FileManager.default.attributesOfItem(atPath: url.path)
        return attributes?[.type] as? FileAttributeType == .typeDirectory
    }

    private static func number(_ file: URL) -> UInt16? {
        guard let text = try? String(contentsOf: file, encoding: .utf8) else { return nil }
        return UInt16(text.trimmingCharacters(in: .whitespacesAndNewlines), radix: 16)
    }
}
