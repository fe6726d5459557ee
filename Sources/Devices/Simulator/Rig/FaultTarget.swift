/// A device of the rig that can be told to go wrong, and to be well again.
///
/// `kiosk-sim fault printer paper-out` reaches the device registered as `printer` with the words `["paper-out"]`.
public protocol FaultTarget: Sendable {
    /// What the device understands, for `kiosk-sim list`, each with its arguments: `paper-out`, `remove --after-apdu N`.
    var faultNames: [String] { get }
    /// - Parameter words: the fault's name and its arguments.
    /// - Returns: one line for the person at the command line.
    /// - Throws: `FaultError`, for a name or an argument that the device does not know.
    func apply(_ words: [String]) async throws -> String
}

/// Why a rig command was refused. The text is for the person at the command line.
public struct FaultError: Error, Sendable, Equatable, CustomStringConvertible {
    public var description: String

    public init(_ description: String) {
        self.description = description
    }

    /// The name is none of those that the device knows.
    public static func unknown(_ words: [String], known: [String]) -> FaultError {
        FaultError("unknown: \(words.joined(separator: " ")); known: \(known.joined(separator: ", "))")
    }
}
