import Foundation
import Simulator
import Subprocess

/// Reads what stands on a slip with a program that others wrote.
enum PaperReader {
    struct Missing: Error, CustomStringConvertible {
        let description: String
    }

    /// Everything that tesseract finds.
    static func text(_ slip: PaperSlip) async throws -> String {
        let file = FileManager.default.temporaryDirectory.appending(path: "slip-\(UUID().uuidString).pbm")
        try picture(slip).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let path = "/usr/bin/tesseract"
        guard FileManager.default.isExecutableFile(atPath: path) else {
            throw Missing(description: "tesseract is missing: install tesseract-ocr, tesseract-ocr-vie")
        }
        let result = try await Subprocess.run(
            .path(.init(path)), arguments: [file.path, "stdout", "--dpi", "203", "--psm", "4", "-l", "vie"],
            environment: .inherit.updating(["OMP_THREAD_LIMIT": "1"]), output: .string(limit: 1 << 20),
            error: .discarded)
        return (result.standardOutput ?? "").precomposedStringWithCanonicalMapping
    }

    /// PBM (netpbm, "P4"): 1 is black, rows of whole bytes, with a blank edge that readers want.
    private static func picture(_ slip: PaperSlip) -> Data {
        let (edge, rowBytes) = (4, slip.width / 8)
        let blank = [UInt8](repeating: 0, count: rowBytes + 2 * edge)
        var rows: [UInt8] = (0..<32).flatMap { _ in blank }
        for row in 0..<slip.height {
            rows +=
                [UInt8](repeating: 0, count: edge) + slip.bytes[row * rowBytes..<(row + 1) * rowBytes]
                + [UInt8](repeating: 0, count: edge)
        }
        rows += (0..<32).flatMap { _ in blank }
        return Data("P4\n\((rowBytes + 2 * edge) * 8) \(slip.height + 64)\n".utf8) + rows
    }
}
