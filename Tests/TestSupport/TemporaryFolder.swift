import Foundation

/// A folder of the test's own, gone with it.
public final class TemporaryFolder: Sendable {
    public let url: URL

    /// - Parameter parent: where it lies; by default where temporary files do.
    public init(in parent: URL = FileManager.default.temporaryDirectory) {
        // Short, because a socket's path has 108 bytes at most.
        url = parent.appending(path: "k-\(UUID().uuidString.prefix(13))")
        do { try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true) } catch {
            preconditionFailure("no temporary folder: \(error)")
        }
    }

    deinit { do { try FileManager.default.removeItem(at: url) } catch { print("left behind: \(url.path)") } }
}
