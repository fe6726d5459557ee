import Foundation

/// What the disk refused.
public struct FileFault: Error, Sendable, Equatable, CustomStringConvertible {
    /// An errno.
    public let code: Int32
    public let action: String
    public let place: URL

    public init(_ code: Int32, _ action: String, _ place: URL) {
        self.code = code
        self.action = action
        self.place = place
    }

    public var isDiskFull: Bool { code == ENOSPC || code == EDQUOT || code == EFBIG }

    /// The system's words for the code, without the place.
    public var reason: String { String(cString: strerror(code)) }

    public var description: String {
        let remedy = isDiskFull ? "Free space on this disk." : "Check the disk, its mount, and the folder's owner."
        return "can't \(action) \(place.path): \(reason). \(remedy)"
    }
}
