/// Printers behind CUPS: where it is, and which of its queues the kiosk uses.
public struct CUPSSettings: Sendable, Equatable {
    /// A socket's path, or `host` or `host:port`.
    public var server: String

    init(_ section: inout YAMLSection) throws(YAMLFault) {
        server = try section.string("server", or: "/run/cups/cups.sock")
        guard server.wholeMatch(of: /\/.{1,100}|[A-Za-z0-9.-]{1,253}(:[0-9]{1,5})?/) != nil else {
            throw section.fault(
                "server", "“\(server)” is no address",
                remedy: "Write a socket's path, or host:port such as 10.0.0.5:631")
        }
    }

    static func queueName(_ text: String) -> String? {
        text.wholeMatch(of: /[A-Za-z0-9._-]{1,127}/) == nil ? nil : text
    }
}

/// How the kiosk gets to the ticket printer.
public enum TicketPrinterWay: Sendable, Equatable {
    /// By the kiosk's own driver, which proves each ticket where the printer can.
    case usb
    /// Through a raw queue of CUPS: a ticket is transmitted, never proved.
    case cups(queue: String)

    init(_ root: inout YAMLSection, key: String) throws(YAMLFault) {
        let text = try root.string(key, or: "usb")
        if text == "usb" {
            self = .usb
        } else if text.hasPrefix("cups:"), let queue = CUPSSettings.queueName(String(text.dropFirst(5))) {
            self = .cups(queue: queue)
        } else {
            throw root.fault(key, "“\(text)” is no way to a printer", remedy: "Write usb, or cups: and a queue's name")
        }
    }
}

/// The printer for A4 papers.
public struct OfficePrinterSettings: Sendable, Equatable {
    /// The queue's name in CUPS, as `lpstat -e` lists it.
    public var queue: String

    init(_ section: inout YAMLSection) throws(YAMLFault) {
        let name = try section.string("queue")
        guard let queue = CUPSSettings.queueName(name) else {
            throw section.fault("queue", "“\(name)” is not a queue's name", remedy: "Write one that lpstat -e lists")
        }
        self.queue = queue
    }
}
