/// Where CUPS is.
public struct CUPSServer: Sendable, Equatable {
    /// A path for a socket of this machine, else a host's name or address.
    public var host: String
    public var port: Int

    /// CUPS of this machine, where Debian's package puts its socket.
    public static let local = CUPSServer(socket: "/run/cups/cups.sock")

    public init(socket path: String) {
        host = path
        port = 631
    }

    public init(host: String, port: Int = 631) {
        self.host = host
        self.port = port
    }

    /// A path, `host` or `host:port`.
    /// - Returns: nil when it is none of them.
    public init?(_ text: String) {
        if text.hasPrefix("/") {
            self.init(socket: text)
            return
        }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count <= 2, let host = parts.first, host.wholeMatch(of: /[A-Za-z0-9.-]{1,253}/) != nil else {
            return nil
        }
        guard parts.count == 2 else {
            self.init(host: String(host))
            return
        }
        guard let port = Int(parts[1]), (1...65535).contains(port) else { return nil }
        self.init(host: String(host), port: port)
    }

    /// How a queue is named in requests. The host in it means nothing to CUPS.
    func uri(ofQueue name: String) -> String { "ipp://localhost/printers/\(name)" }

    /// Whether CUPS could have a queue of this name: it goes into an address.
    public static func isQueueName(_ name: String) -> Bool { name.wholeMatch(of: /[A-Za-z0-9._-]{1,127}/) != nil }
}
