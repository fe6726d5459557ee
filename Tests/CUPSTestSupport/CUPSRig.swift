import Foundation
import Synchronization
import TestSupport

/// A CUPS of the test's own, in a folder of its own: a cupsd that listens on a socket there, and IPP printers
/// (`ippeveprinter`) and a dumb printer for it. All of it ends with the rig.
///
/// The folder's layout: `root` cupsd's configuration, `bin` its programs (ours beside the system's), `paper` what the
/// dumb printer printed, `logs`.
public final class CUPSRig: Sendable {
    public let folder = TemporaryFolder()
    private let daemon = Mutex<Child?>(nil)

    public var url: URL { folder.url }
    public var socket: String { url.appending(path: "cups.sock").path }

    public enum Fault: Error, CustomStringConvertible {
        case program(String, status: Int32, String)
        case notUp(String, log: String)

        public var description: String {
            switch self {
            case .program(let name, let status, let text): "\(name) ended with \(status): \(text)"
            case .notUp(let name, let log): "\(name) does not come up: \(log.suffix(2000))"
            }
        }
    }

    public init() throws {
        for name in [
            "root", "cache", "state", "spool", "tmp", "bin/backend", "bin/filter", "paper", "logs",
        ] {
            let folder = url.appending(path: name)
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            // As root, cupsd runs its back ends as another user, and refuses programs that anybody could have changed.
            let isOpen = ["tmp", "paper", "logs"].contains(name)
            try FileManager.default.setAttributes(
                [.posixPermissions: isOpen ? 0o777 : 0o755], ofItemAtPath: folder.path)
        }
        for name in ["daemon", "monitor", "driver", "notifier", "cgi-bin"] { try link("/usr/lib/cups/\(name)") }
        for name in ["ipp", "socket"] { try link("/usr/lib/cups/backend/\(name)", in: "backend/") }
        for name in try FileManager.default.contentsOfDirectory(atPath: "/usr/lib/cups/filter") {
            try link("/usr/lib/cups/filter/\(name)", in: "filter/")
        }
        try write(DumbPrinter.backend(folder: url), to: "bin/backend/dumb", isProgram: true)
        try write(configuration, to: "root/cupsd.conf")
        try write(files, to: "root/cups-files.conf")
        try startServer()
    }

    private func link(_ target: String, in folder: String = "") throws {
        try FileManager.default.createSymbolicLink(
            atPath: url.appending(path: "bin/\(folder)\((target as NSString).lastPathComponent)").path,
            withDestinationPath: target)
    }

    func write(_ text: String, to path: String, isProgram: Bool = false) throws {
        let file = url.appending(path: path)
        try Data(text.utf8).write(to: file)
        try FileManager.default.setAttributes(
            [.posixPermissions: isProgram ? 0o755 : 0o644], ofItemAtPath: file.path)
    }

    private var configuration: String {
        """
        Listen \(socket)
        Browsing Off
        WebInterface No
        LogLevel info
        DefaultAuthType None
        ErrorPolicy retry-current-job
        JobRetryInterval 2
        <Location />
          Order allow,deny
          Allow all
        </Location>
        <Policy default>
          JobPrivateAccess all
          JobPrivateValues none
          SubscriptionPrivateAccess all
          SubscriptionPrivateValues none
          <Limit All>
            Order deny,allow
            Allow all
          </Limit>
        </Policy>

        """
    }

    private var files: String {
        """
        ServerRoot \(url.path)/root
        CacheDir \(url.path)/cache
        StateDir \(url.path)/state
        RequestRoot \(url.path)/spool
        TempDir \(url.path)/tmp
        ServerBin \(url.path)/bin
        DataDir /usr/share/cups
        DocumentRoot /usr/share/cups/doc-root
        AccessLog \(url.path)/logs/access.log
        ErrorLog \(url.path)/logs/error.log
        PageLog \(url.path)/logs/page.log

        """
    }

    // MARK: The server

    public func startServer() throws {
        let child = try Child(
            "/usr/sbin/cupsd", ["-f", "-c", "\(url.path)/root/cupsd.conf", "-s", "\(url.path)/root/cups-files.conf"],
            log: url.appending(path: "logs/cupsd.log"))
        daemon.withLock { $0 = child }
        guard Wait.until({ (try? self.run("lpstat", ["-r"]))?.contains("is running") ?? false }) else {
            throw Fault.notUp("cupsd", log: log)
        }
    }

    public func stopServer() {
        daemon.withLock { daemon in
            daemon?.end()
            daemon = nil
        }
    }

    /// What cupsd wrote.
    public var log: String {
        (try? String(contentsOf: url.appending(path: "logs/error.log"), encoding: .utf8)) ?? ""
    }

    /// A queue for an IPP printer, without a driver ("IPP Everywhere").
    public func addQueue(_ name: String, for printer: IPPEverywherePrinter) throws {
        try run("lpadmin", ["-p", name, "-m", "everywhere", "-v", printer.uri, "-E"])
    }

    /// A raw queue for a printer that says nothing.
    public func addDumbQueue(_ name: String) throws -> DumbPrinter {
        try run("lpadmin", ["-p", name, "-v", "dumb:/\(name)", "-E"])
        return DumbPrinter(folder: url)
    }

    /// Runs one of CUPS's programs against this server.
    @discardableResult
    public func run(_ program: String, _ arguments: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [program] + arguments
        process.environment = [
            "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "CUPS_SERVER": socket, "LC_ALL": "C.UTF-8", "HOME": url.path,
        ]
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let output = String(decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Fault.program(program, status: process.terminationStatus, output)
        }
        return output
    }

    deinit { stopServer() }
}

/// Runs what blocks on a thread of its own: the tests of others go on.
public func offPool<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
    try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread { continuation.resume(with: Swift.Result { try body() }) }
    }
}

/// For programs that say nowhere when they are ready.
public enum Wait {
    public static func until(_ isTrue: () -> Bool, for limit: Duration = .seconds(60)) -> Bool {
        let clock = ContinuousClock()
        let end = clock.now + limit
        while !isTrue() {
            guard clock.now < end else { return false }
            usleep(20_000)
        }
        return true
    }
}
