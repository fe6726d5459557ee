import Foundation

/// A pcscd of the test's own: in a mount namespace where /run is a folder of the test, with vpcd as its only reader.
final class PrivatePCSCD: Sendable {
    /// One place for the whole process, because libpcsclite asks the environment once.
    private static let folder: URL = {
        let folder = URL(filePath: "/tmp/kiosk-pcsc-\(ProcessInfo.processInfo.processIdentifier)")
        setenv("PCSCLITE_CSOCK_NAME", folder.path + "/run/pcscd/pcscd.comm", 1)
        return folder
    }()

    private let process = Process()
    private let ended = DispatchSemaphore(value: 0)

    /// Points this process to the private pcscd, running or not.
    static func prepare() { _ = folder }

    init(cardPort: UInt16) throws {
        let folder = Self.folder
        let files = FileManager.default
        if files.fileExists(atPath: folder.path) { try files.removeItem(at: folder) }
        try files.createDirectory(at: folder.appending(path: "run/pcscd"), withIntermediateDirectories: true)
        let drivers = "/usr/lib/pcsc/drivers/serial"
        guard let library = try files.contentsOfDirectory(atPath: drivers).first(where: { $0.hasPrefix("libifdvpcd") })
        else { throw CocoaError(.fileNoSuchFile) }
        let configuration = folder.appending(path: "reader.conf")
        let text = """
            FRIENDLYNAME "Virtual PCD"
            DEVICENAME /dev/null:\(cardPort)
            LIBPATH \(drivers)/\(library)
            CHANNELID \(cardPort)

            """
        try Data(text.utf8).write(to: configuration)

        process.executableURL = URL(filePath: "/usr/bin/unshare")
        let own = "mount --bind \"$0\" /run && exec /usr/sbin/pcscd --foreground --config \"$1\""
        process.arguments =
            (getuid() == 0 ? [] : ["--map-root-user"]) + [
                "--mount", "sh", "-c", own, folder.path + "/run", configuration.path,
            ]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        process.terminationHandler = { [ended] _ in ended.signal() }
        try process.run()
    }

    /// Ends it as a crash would.
    func kill() {
        Foundation.kill(process.processIdentifier, SIGKILL)
        ended.wait()
    }

    /// Ends it as systemd does.
    func stop() {
        process.terminate()
        ended.wait()
        try? FileManager.default.removeItem(at: Self.folder)
    }
}
