import Foundation
import PageImaging

@main
enum PageBench {
    static func main() throws {
        let arguments = CommandLine.arguments
        let folder = URL(fileURLWithPath: arguments[1])
        let output = URL(fileURLWithPath: arguments[2])
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        where name.hasSuffix(".jpg") {
            let bytes = [UInt8](try Data(contentsOf: folder.appendingPathComponent(name)))
            let page = try PagePreparation().prepare(bytes, resolution: 300)
            let m = page.measurements
            print(
                name, page.width, page.height, page.jpeg.count, "q", m.quality, page.findings.map(\.code),
                page.codes.count)
            print(
                "    angle", m.angle, "turns", m.quarterTurns, "text", m.textAngle, m.textAngleConfidence, "up",
                m.upCertainty, m.rowsAgainstColumns, m.lines)
            print(
                "    edges", m.edges, "paper", m.paperLevel, "noise", m.noise, "letters", m.letters, "extent",
                m.inkExtent, "sharp", m.sharpness ?? -1, "outside", m.areaOutside)
            print(
                "   ", m.stages.map { "\($0.0) \(Double(Int($0.1 * 10)) / 10)" }.joined(separator: ", "), "=",
                m.stages.reduce(0) { $0 + $1.1 })
            print("   ", m.corners.map { "\(Int($0.x)),\(Int($0.y))" }.joined(separator: "  "))
            try Data(page.jpeg).write(to: output.appendingPathComponent(name))
        }
    }
}
