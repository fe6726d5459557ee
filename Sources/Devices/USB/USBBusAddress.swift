import Logging

/// Which bus the configuration names: `libusb` for the machine's own USB, or `usbip://127.0.0.1:3240` for a USB/IP
/// server, such as the simulator.
public enum USBBusAddress: Sendable, Equatable, CustomStringConvertible {
    case libusb
    case usbip(host: String, port: Int)

    /// The port that IANA gave to USB/IP.
    public static let usbipPort = 3240

    /// - Returns: nil when the text is neither of the two forms. An IPv6 host stands in brackets.
    public init?(_ text: String) {
        if text == "libusb" {
            self = .libusb
            return
        }
        let scheme = "usbip://"
        guard text.hasPrefix(scheme) else { return nil }
        var host = text.dropFirst(scheme.count)
        if host.hasSuffix("/") { host = host.dropLast() }
        var port = Self.usbipPort
        if let colon = host.lastIndex(of: ":"), !host.hasSuffix("]") {
            guard let number = Int(host[host.index(after: colon)...]), (1...65535).contains(number) else { return nil }
            port = number
            host = host[..<colon]
        }
        if host.hasPrefix("[") {
            guard host.hasSuffix("]") else { return nil }
            host = host.dropFirst().dropLast()
        } else if host.contains(":") {
            return nil
        }
        guard !host.isEmpty, !host.contains(where: { $0 == "/" || $0.isWhitespace }) else { return nil }
        self = .usbip(host: String(host), port: port)
    }

    public var description: String {
        switch self {
        case .libusb: "libusb"
        case .usbip(let host, let port): "usbip://\(host.contains(":") ? "[\(host)]" : host):\(port)"
        }
    }

    /// The bus at this address. It is connected, or libusb started, at the first use.
    public func makeBus(logger: Logger) -> any USBBus {
        switch self {
        case .libusb: LibUSBBus(logger: logger)
        case .usbip(let host, let port): USBIPBus(host: host, port: port, logger: logger)
        }
    }
}
