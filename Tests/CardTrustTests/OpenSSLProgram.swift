import Foundation

/// The `openssl` program: it reads what the simulator's issuer makes with code that is neither the simulator's nor ours.
struct OpenSSLProgram {
    struct Outcome {
        var status: Int32
        var text: String
        var isFine: Bool { status == 0 }
    }

    /// A folder of this test's own.
    let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "trust-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    func remove() { try? FileManager.default.removeItem(at: folder) }

    @discardableResult
    func write(_ bytes: [UInt8], _ name: String) throws -> String {
        let file = folder.appending(path: name)
        try Data(bytes).write(to: file)
        return file.path
    }

    @discardableResult
    func write(pem label: String, _ bytes: [UInt8], _ name: String) throws -> String {
        let text = Data(bytes).base64EncodedString(options: .lineLength64Characters)
        return try write(Array("-----BEGIN \(label)-----\n\(text)\n-----END \(label)-----\n".utf8), name)
    }

    @discardableResult
    func run(_ arguments: String...) throws -> Outcome { try run(arguments) }

    func run(_ command: String, _ arguments: [String]) throws -> Outcome { try run([command] + arguments) }

    private func run(_ arguments: [String]) throws -> Outcome {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["openssl"] + arguments
        process.currentDirectoryURL = folder
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let data = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return Outcome(status: process.terminationStatus, text: String(decoding: data, as: UTF8.self))
    }
}
