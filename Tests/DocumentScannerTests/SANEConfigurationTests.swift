import DocumentScanner
import Foundation
import Testing

@Suite("SANE's configuration for a kiosk")
struct SANEConfigurationTests {
    @Test("only the kiosk's own scanner is named, and nothing is searched")
    func files() throws {
        let bench = try ScannerBench()
        let folder = bench.root.appendingPathComponent("a/b")
        try SANEConfiguration.write(
            to: folder, airscan: [(name: "Scanner", url: "http://127.0.0.1:8520/eSCL")], testBackend: true)
        let dll = try String(contentsOf: folder.appendingPathComponent("dll.conf"), encoding: .utf8)
        let airscan = try String(contentsOf: folder.appendingPathComponent("airscan.conf"), encoding: .utf8)
        #expect(dll == "airscan\ntest\n")
        #expect(airscan.contains("\"Scanner\" = http://127.0.0.1:8520/eSCL, eSCL\n"))
        #expect(airscan.contains("discovery = disable"))
    }

    @Test(
        "a name or an address that would change the file's meaning is refused",
        arguments: [
            ("a\"b", "http://h/eSCL"), ("", "http://h/eSCL"), ("a\n[options]", "http://h/eSCL"),
            ("a", "ftp://h/eSCL"), ("a", "http://h/eSCL\n[options]"), ("a", "http://h/a,WSD"), ("a", "nonsense"),
        ])
    func refused(_ name: String, _ url: String) throws {
        let bench = try ScannerBench()
        #expect(throws: SANEConfigurationError.self) {
            try SANEConfiguration.write(to: bench.root, airscan: [(name: name, url: url)])
        }
    }
}
