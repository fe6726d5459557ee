import Logging
import USB

/// The simulator's bench: devices by name, each plugged in or not, each with its faults.
public actor SimulatorRig {
    private struct Entry {
        var faults: (any FaultTarget)?
        /// The device and its port on the USB/IP server; nil for one that is not on USB.
        var usb: (device: any VirtualUSBDevice, port: String)?
    }

    /// Words that stand for a device in commands: the card lies on the reader.
    private static let aliases = ["card": "reader"]

    private let server: USBIPServer
    private let logger: Logger
    private var entries: [String: Entry] = [:]
    private var namedTexts: [String: String] = [:]

    public init(server: USBIPServer, logger: Logger) {
        self.server = server
        self.logger = logger
    }

    /// Registers a USB device and plugs it in at `port`, for example `1-1`.
    public func add(
        _ name: String, device: any VirtualUSBDevice, at port: String, faults: (any FaultTarget)? = nil
    ) async throws {
        entries[name] = Entry(faults: faults ?? device as? any FaultTarget, usb: (device, port))
        try await server.plug(device, at: port)
    }

    /// Registers something that is not on USB, such as the network scanner.
    public func add(_ name: String, faults: any FaultTarget) {
        entries[name] = Entry(faults: faults, usb: nil)
    }

    /// Texts that `qr show NAME` may name, for example the QR code of each synthetic citizen.
    public func nameTexts(_ texts: [String: String]) {
        namedTexts = texts
    }

    /// Runs one command of the control socket:
    /// `list`, `plug NAME`, `unplug NAME`, `fault NAME WORDS…`, or the short form `NAME WORDS…`, also `card WORDS…`.
    /// - Returns: what to print.
    public func run(_ words: [String]) async throws -> String {
        guard let verb = words.first else { throw FaultError("a command is needed, for example: list") }
        let rest = Array(words.dropFirst())
        switch verb {
        case "list": return await list()
        case "plug": return try await plug(rest)
        case "unplug": return try await unplug(rest)
        case "fault":
            guard let name = rest.first else { throw FaultError("fault needs a device: \(names)") }
            return try await apply(Array(rest.dropFirst()), to: name)
        default: return try await apply(rest, to: verb)
        }
    }

    private var names: String { entries.keys.sorted().joined(separator: ", ") }

    private func entry(_ name: String) throws -> Entry {
        guard let entry = entries[Self.aliases[name] ?? name] else {
            throw FaultError("there is no \(name); there are: \(names)")
        }
        return entry
    }

    private func apply(_ words: [String], to name: String) async throws -> String {
        guard let target = try entry(name).faults else { throw FaultError("\(name) has no faults") }
        guard !words.isEmpty else {
            throw FaultError("\(name) needs one of: \(target.faultNames.joined(separator: ", "))")
        }
        var words = words
        if words.count == 2, words[0] == "show", let text = namedTexts[words[1]] { words[1] = text }
        logger.info("fault", metadata: ["device": "\(name)", "fault": "\(words[0])"])
        return try await target.apply(words)
    }

    private func usb(_ words: [String]) throws -> (name: String, device: any VirtualUSBDevice, port: String) {
        guard words.count == 1 else { throw FaultError("one device is needed: \(names)") }
        guard let usb = try entry(words[0]).usb else { throw FaultError("\(words[0]) is not a USB device") }
        return (words[0], usb.device, usb.port)
    }

    private func plug(_ words: [String]) async throws -> String {
        let usb = try usb(words)
        guard await !server.isPlugged(usb.port) else { return "\(usb.name) is plugged in already" }
        try await server.plug(usb.device, at: usb.port)
        return "\(usb.name) is plugged in at \(usb.port)"
    }

    private func unplug(_ words: [String]) async throws -> String {
        let usb = try usb(words)
        await server.unplug(usb.port)
        return "\(usb.name) is pulled out"
    }

    /// A device left the bus by itself: its cable was pulled, or it was switched off, and perhaps on again.
    func leave(_ name: String, comesBack: Bool) async {
        do {
            _ = try await unplug([name])
            if comesBack { _ = try await plug([name]) }
        } catch {
            logger.error("\(name) did not leave the bus: \(error)")
        }
    }

    private func list() async -> String {
        var lines: [String] = []
        for (name, entry) in entries.sorted(by: { $0.key < $1.key }) {
            var line = name
            if let usb = entry.usb {
                line += await server.isPlugged(usb.port) ? " at \(usb.port)" : " pulled out"
            }
            if let faults = entry.faults { line += ": " + faults.faultNames.joined(separator: ", ") }
            lines.append(line)
        }
        return lines.joined(separator: "\n")
    }
}
