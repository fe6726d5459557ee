import Foundation
import Simulator
import Subprocess

/// Reads what stands on a slip with a program that others wrote.
enum PaperReader {
    struct Missing: Error, CustomStringConvertible {
        let description: String
    }

    /// What tesseract reads in white on the black plate at the top of a slip, where a reprint is marked; nonsense when
    /// there is no plate.
    static func plate(_ slip: PaperSlip) async throws -> String {
        let rows = (0..<slip.height).map { row in slip.row(row) }
        guard let top = rows.firstIndex(where: { $0.contains(true) }) else { return "" }
        let plate = rows[top...].prefix { $0.contains(true) }
        let columns = (0..<slip.width).filter { column in plate.contains { $0[column] } }
        guard let left = columns.first, let right = columns.last else { return "" }
        return try await text(of: plate.map { row in row[left...right].map { !$0 } })
    }

    /// - Parameter rows: true is black.
    private static func text(of rows: [[Bool]]) async throws -> String {
        let file = FileManager.default.temporaryDirectory.appending(path: "slip-\(UUID().uuidString).pbm")
        try picture(rows).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let path = "/usr/bin/tesseract"
        guard FileManager.default.isExecutableFile(atPath: path) else {
            throw Missing(description: "tesseract is missing: install tesseract-ocr, tesseract-ocr-vie")
        }
        let result = try await Subprocess.run(
            .path(.init(path)), arguments: [file.path, "stdout", "--dpi", "203", "--psm", "7", "-l", "vie"],
            environment: .inherit.updating(["OMP_THREAD_LIMIT": "1"]), output: .string(limit: 1 << 20),
            error: .discarded)
        return result.standardOutput.precomposedStringWithCanonicalMapping
    }

    /// As netpbm's plain PBM ("P1"): 1 is black, with a blank edge that readers want.
    private static func picture(_ rows: [[Bool]]) -> Data {
        let edge = 24
        let width = (rows.first?.count ?? 0) + 2 * edge
        let blank = [String](repeating: String(repeating: "0", count: width), count: edge)
        let side = String(repeating: "0", count: edge)
        let lines = blank + rows.map { side + $0.map { $0 ? "1" : "0" }.joined() + side } + blank
        return Data("P1\n\(width) \(lines.count)\n\(lines.joined(separator: "\n"))\n".utf8)
    }
}

extension PaperSlip {
    /// True is black.
    fileprivate func row(_ row: Int) -> [Bool] {
        (0..<width).map { bytes[row * (width / 8) + $0 / 8] & (0x80 >> UInt8($0 % 8)) != 0 }
    }
}
