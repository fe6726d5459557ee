import Foundation

/// The Unix socket that `kioskctl` talks to.
public struct ControlSettings: Sendable, Equatable {
    public var socket: URL
    /// The group whose members may use it, besides root and the service itself; nil allows no group.
    public var group: String?

    /// `sun_path` has 108 bytes on Linux, the last one is zero (unix(7)).
    private static let maximumPathBytes = 107

    init(_ section: inout YAMLSection) throws(YAMLFault) {
        socket = try section.path("socket", or: "/run/kiosk/control.sock")
        guard socket.path.utf8.count <= Self.maximumPathBytes else {
            throw section.fault(
                "socket", "is longer than \(Self.maximumPathBytes) bytes", remedy: "Choose a shorter path")
        }
        group = try section.optionalString("group")
    }
}
