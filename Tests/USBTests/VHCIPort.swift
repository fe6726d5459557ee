import Foundation
import USB

/// Attaches a device of a USB/IP server to this machine's kernel by vhci-hcd, as the `usbip` program does.
enum VHCIPort {
    private static let folder = "/sys/devices/platform/vhci_hcd.0"

    /// Whether this machine has vhci-hcd and this process may use it: in the guest of `scripts/test-kernel`.
    static var isAvailable: Bool { FileManager.default.isWritableFile(atPath: folder + "/attach") }

    struct Failure: Error {
        var what: String
        init(_ what: String) { self.what = what }
    }

    /// Blocks on its own thread: the server answers on the cooperative pool, which may have one thread only.
    static func attach(_ busID: String, serverPort: Int) async throws {
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            Thread.detachNewThread {
                continuation.resume(with: Result { try attachNow(busID, serverPort: serverPort) })
            }
        }
    }

    private static func attachNow(_ busID: String, serverPort: Int) throws {
        let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard socket >= 0 else { throw Failure("socket: \(errno)") }
        // The kernel keeps its own reference.
        defer { close(socket) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(serverPort).bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        let connected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard connected == 0 else { throw Failure("connect: \(errno)") }
        let request = USBIPRequest.importDevice(busID: busID).bytes
        guard write(socket, request, request.count) == request.count else { throw Failure("write: \(errno)") }
        var buffer: ArraySlice<UInt8> = []
        while true {
            if let reply = try USBIPReply.decode(from: &buffer) {
                guard case .imported(let device) = reply else { throw Failure("the import was refused: \(reply)") }
                let line = "\(try freePort()) \(socket) \(device.deviceID) \(device.speed.rawValue)"
                try line.write(toFile: folder + "/attach", atomically: false, encoding: .utf8)
                return
            }
            var byte: UInt8 = 0
            guard read(socket, &byte, 1) == 1 else { throw Failure("the server closed the connection") }
            buffer.append(byte)
        }
    }

    /// The first port of the USB 2 hub that is free: `hs  0000 004 …`, where 004 is VDEV_ST_NULL.
    private static func freePort() throws -> Int {
        for line in try String(contentsOfFile: folder + "/status", encoding: .utf8).split(separator: "\n") {
            let words = line.split(separator: " ")
            if words.count > 2, words[0] == "hs", words[2] == "004", let port = Int(words[1]) { return port }
        }
        throw Failure("vhci-hcd has no free port")
    }
}
