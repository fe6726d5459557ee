import Foundation
import Synchronization

/// A folder of the test's own, gone with it.
final class TemporaryFolder: Sendable {
    let url: URL

    init() {
        url = FileManager.default.temporaryDirectory.appending(path: "kiosk-\(UUID().uuidString)")
        do { try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true) } catch {
            preconditionFailure("no temporary folder: \(error)")
        }
    }

    deinit { do { try FileManager.default.removeItem(at: url) } catch { print("left behind: \(url.path)") } }
}

final class Counter: Sendable {
    private let count = Mutex(0)
    var value: Int { count.withLock { $0 } }
    func add() { count.withLock { $0 += 1 } }
}
