import Foundation

/// Where the web server listens and how it behaves.
public struct WebServerSettings: Sendable {
    /// The address to listen on. The touchscreen's page and API answer only to this machine, wherever it listens.
    public var host: String
    /// The TCP port; 0 takes a free one, which `Web` reports when it listens.
    public var port: Int
    /// Names by which displays and counters may call this kiosk, besides IP addresses and `localhost`. Any other name
    /// is refused, so that a page of another site cannot reach the kiosk by letting its own name point to it.
    public var hostNames: [String]
    /// The pause after which an event stream without news says that it is alive. It also finds out who has gone.
    public var keepAlive: Duration
    /// The folder of the pages' files; nil takes the one that was built into the package.
    public var resources: URL?

    public init(
        host: String = "127.0.0.1", port: Int = 8480, hostNames: [String] = [], keepAlive: Duration = .seconds(15),
        resources: URL? = nil
    ) {
        self.host = host
        self.port = port
        self.hostNames = hostNames
        self.keepAlive = keepAlive
        self.resources = resources
    }

    static var packagedResources: URL {
        Bundle.module.bundleURL.appendingPathComponent("Resources", isDirectory: true)
    }
}
