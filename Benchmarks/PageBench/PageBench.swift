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
                name, page.width, page.height, page.jpeg.count, "angle", m.angle, "conf", m.angleConfidence, "up",
                m.upConfidence, m.leftConfidence, "edges", m.edges, "noise", m.noise, "q", m.quality)
            print("   ", m.stages.map { "\($0.0) \(Int($0.1 * 10))" }.joined(separator: ", "))
            print("   ", m.corners.map { "\(Int($0.x)),\(Int($0.y))" }.joined(separator: "  "))
            try Data(page.jpeg).write(to: output.appendingPathComponent(name))
        }
    }
}
