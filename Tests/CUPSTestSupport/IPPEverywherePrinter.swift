import Foundation
import Synchronization
import TestSupport

/// CUPS's own simulation of an IPP printer, `ippeveprinter`, with a command of ours for paper.
///
/// While the file `hold` lies in its folder a job waits, and the printer shows the reasons that stand in the file; those
/// in the file `leave` it still shows when the job is over.
public final class IPPEverywherePrinter: Sendable {
    public let folder = TemporaryFolder()
    public let port: UInt16
    private let bus: Child
    private let printer = Mutex<Child?>(nil)

    public var uri: String { "ipp://localhost:\(port)/ipp/print" }

    public init() throws {
        let url = folder.url
        try FileManager.default.createDirectory(
            at: url.appending(path: "paper"), withIntermediateDirectories: true)
        try FileManager.default.createDirectory(at: url.appending(path: "spool"), withIntermediateDirectories: true)
        try Self.write(Self.command, to: url.appending(path: "print"), isProgram: true)
        try Self.write(Self.bus(socket: "\(url.path)/bus"), to: url.appending(path: "bus.conf"), isProgram: false)
        // It wants to tell a name service about itself, and waits for a bus to do so, even when told not to.
        bus = try Child(
            "/usr/bin/dbus-daemon", ["--config-file=\(url.path)/bus.conf", "--nofork", "--nopidfile"],
            log: url.appending(path: "bus.log"))
        guard Wait.until({ FileManager.default.fileExists(atPath: "\(url.path)/bus") }) else {
            throw CUPSRig.Fault.notUp("dbus-daemon", log: "")
        }
        port = try Self.freePort()
        try start()
    }

    /// Switches the printer on.
    public func start() throws {
        let url = folder.url
        let log = url.appending(path: "printer.log")
        let child = try Child(
            "/usr/sbin/ippeveprinter",
            [
                "-v", "-p", "\(port)", "-d", "\(url.path)/spool", "-k", "-r", "off", "-n", "localhost", "-f",
                "application/pdf", "-c", "\(url.path)/print", "Test printer",
            ], environment: ["DBUS_SYSTEM_BUS_ADDRESS": "unix:path=\(url.path)/bus", "PRINTER": url.path], log: log)
        printer.withLock { $0 = child }
        guard Wait.until({ Self.answers(self.port) }) else {
            throw CUPSRig.Fault.notUp("ippeveprinter", log: (try? String(contentsOf: log, encoding: .utf8)) ?? "")
        }
    }

    /// Cuts its power.
    public func cutPower() {
        printer.withLock { printer in
            printer?.kill()
            printer = nil
        }
    }

    /// Jobs wait from now on, and the printer shows these reasons.
    public func hold(_ reasons: String) throws {
        try Data(reasons.utf8).write(to: folder.url.appending(path: "hold"), options: .atomic)
    }

    public func release() throws { try FileManager.default.removeItem(at: folder.url.appending(path: "hold")) }

    /// Shows these reasons from the end of the next job on; `""` takes the last ones away.
    public func leave(_ reasons: String) throws {
        try Data(reasons.utf8).write(to: folder.url.appending(path: "leave"), options: .atomic)
    }

    /// A printer that counts no sheets, from the next job on.
    public func countNothing() throws { try Data().write(to: folder.url.appending(path: "counts-not")) }

    /// Whether some job has begun.
    public var hasBegun: Bool { FileManager.default.fileExists(atPath: folder.url.appending(path: "begun").path) }

    /// The documents that were printed to the end, in the order of the jobs.
    public func papers() throws -> [URL] {
        let paper = folder.url.appending(path: "paper")
        return try FileManager.default.contentsOfDirectory(atPath: paper.path)
            .filter { $0.hasSuffix(".pdf") }
            .sorted { (Int($0.dropLast(4)) ?? 0) < (Int($1.dropLast(4)) ?? 0) }
            .map { paper.appending(path: $0) }
    }

    /// What `ippeveprinter` runs for a job, with the document's file as its argument.
    private static let command = """
        #!/bin/sh
        cd "$PRINTER"
        : > begun
        pages=$(pdfinfo "$1" | sed -n 's/^Pages: *//p')
        shown=
        while [ -e hold ]; do
            reasons=$(cat hold)
            if [ "$reasons" != "$shown" ]; then
                [ -n "$shown" ] && echo "STATE: -$shown" >&2
                [ -n "$reasons" ] && echo "STATE: +$reasons" >&2
                shown=$reasons
            fi
            sleep 0.1
        done
        [ -n "$shown" ] && echo "STATE: -$shown" >&2
        cp "$1" "paper/$IPP_JOB_ID.part" && mv "paper/$IPP_JOB_ID.part" "paper/$IPP_JOB_ID.pdf"
        [ -e counts-not ] || echo "ATTR: job-impressions-completed=$pages" >&2
        if [ -e leave ]; then
            [ -s left ] && echo "STATE: -$(cat left)" >&2
            mv leave left
            [ -s left ] && echo "STATE: +$(cat left)" >&2
        fi
        exit 0

        """

    private static func bus(socket: String) -> String {
        """
        <!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-BUS Bus Configuration 1.0//EN"
         "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
        <busconfig>
          <type>system</type>
          <listen>unix:path=\(socket)</listen>
          <policy context="default">
            <allow user="*"/><allow own="*"/>
            <allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/>
          </policy>
        </busconfig>

        """
    }

    private static func write(_ text: String, to file: URL, isProgram: Bool) throws {
        try Data(text.utf8).write(to: file)
        try FileManager.default.setAttributes(
            [.posixPermissions: isProgram ? 0o755 : 0o644], ofItemAtPath: file.path)
    }

    /// A port that the system gives out now; ephemeral ports come round, so nobody else gets it soon.
    private static func freePort() throws -> UInt16 {
        let handle = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(handle) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                bind(handle, generic, length) == 0 && getsockname(handle, generic, &length) == 0
            }
        }
        guard status else { throw POSIXError(.EADDRNOTAVAIL) }
        return UInt16(bigEndian: address.sin_port)
    }

    private static func answers(_ port: UInt16) -> Bool {
        let handle = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(handle) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(handle, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }
}
