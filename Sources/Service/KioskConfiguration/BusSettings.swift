import Foundation

/// Where USB devices are looked for.
public enum BusSettings: Sendable, Equatable {
    /// The machine's own ports.
    case libusb
    /// A USB/IP server, for example the simulator.
    case usbip(host: String, port: Int)

    init(_ section: inout YAMLSection, key: String) throws(YAMLFault) {
        let text = try section.string(key, or: "libusb")
        if text == "libusb" {
            self = .libusb
        } else if let match = text.wholeMatch(of: /usbip:\/\/([A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\])(:([0-9]{1,5}))?/),
            let port = Int(match.output.3 ?? "3240"), (1...65535).contains(port)
        {
            self = .usbip(
                host: String(match.output.1).trimmingCharacters(in: ["[", "]"]), port: port)
        } else {
            throw section.fault(key, "“\(text)” is not a bus", remedy: "Write libusb, or usbip://HOST:PORT")
        }
    }
}
