import CentralServer
import Foundation
import Glibc
import Logging
import ServiceLifecycle

/// A centre on a port that is its own from the beginning, also while it does not run.
actor Centre {
    nonisolated let port: Int
    nonisolated let enrolment: URL
    nonisolated let data: URL
    private let logger: Logger
    private var group: ServiceGroup?
    private var running: Task<Void, any Error>?
    /// Bound and not listening: whoever connects is refused.
    private var placeholder: Int32

    init(data: URL, logger: Logger) throws {
        let server = try CentralServer(data: data, logger: logger)
        try server.ensureEnrolled("kiosk-1")
        enrolment = server.enrolmentFile("kiosk-1")
        self.data = data
        self.logger = logger
        (placeholder, port) = try Self.takePort()
    }

    func start() async throws {
        if placeholder >= 0 { close(placeholder) }
        placeholder = -1
        let (ready, isReady) = AsyncStream.makeStream(of: Void.self)
        let server = try CentralServer(data: data, port: port, logger: logger, onReady: { _ in isReady.finish() })
        let group = ServiceGroup(configuration: .init(services: [server], logger: logger))
        self.group = group
        running = Task {
            defer { isReady.finish() }
            try await group.run()
        }
        for await _ in ready {}
    }

    func stop() async {
        if placeholder >= 0 { close(placeholder) }
        placeholder = -1
        await group?.triggerGracefulShutdown()
        // It ends because it was told to; how does not matter.
        _ = await running?.result
        (group, running) = (nil, nil)
    }

    private static func takePort() throws -> (socket: Int32, port: Int) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var yes: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let failed = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) != 0 || getsockname(descriptor, $0, &length) != 0
            }
        }
        guard !failed else {
            close(descriptor)
            throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EADDRINUSE)
        }
        return (descriptor, Int(UInt16(bigEndian: address.sin_port)))
    }
}
