import Foundation

/// Why the daemon cannot start, by the key that decides about it, and what to do.
struct StartFault: Error, CustomStringConvertible {
    var key: String
    var problem: String
    var remedy: String

    var description: String { "\(key): \(problem). \(remedy)" }

    /// Makes a folder that the configuration names.
    static func makeFolder(_ folder: URL, key: String, mode: Int) throws(StartFault) {
        do {
            try FileManager.default.createDirectory(
                at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: mode])
        } catch {
            throw StartFault(
                key: key, problem: "the folder \(folder.path) cannot be made",
                remedy: "Check the path, and that the service may write there")
        }
    }
}
