import Foundation

/// What stands beside the tests.
enum Repository {
    static let configuration = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "kiosk-config")

    /// A program that was built together with this test bundle.
    static func program(_ name: String) -> URL {
        var folder = Bundle.main.bundleURL
        for argument in CommandLine.arguments where argument.contains(".xctest") { folder = URL(filePath: argument) }
        while folder.path != "/",
            folder.pathExtension == "xctest"
                || !FileManager.default.fileExists(atPath: folder.appending(path: name).path)
        {
            folder.deleteLastPathComponent()
        }
        return folder.appending(path: name)
    }
}
