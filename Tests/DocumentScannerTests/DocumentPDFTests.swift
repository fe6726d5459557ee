import DocumentScanner
import Foundation
import Peripherals
import Simulator
import Testing

@Suite("Pages as a PDF")
struct DocumentPDFTests {
    private let scanner = SANEScanner(ScannerSetup())

    private func page(_ bench: borrowing ScannerBench, _ bytes: [UInt8]) throws -> ScannedPage {
        let file = bench.pages.appendingPathComponent("p.jpg")
        try Data(bytes).write(to: file)
        return ScannedPage(file: file, width: 827, height: 1169, resolution: 100)
    }

    @Test("a grey page of A4 keeps its size")
    func grey() async throws {
        let bench = try ScannerBench()
        let area = ScanArea(resolution: 100, isColour: false)
        let page = try page(bench, PaperRenderer().jpeg(.blank, position: 0, area: area))
        let file = bench.root.appendingPathComponent("grey.pdf")
        try await scanner.writePDF([page], title: "Căn cước", to: file)
        let info = try await output(of: "pdfinfo", [file.path])
        #expect(info.contains("(A4)"))
        #expect(info.contains("Title:           Căn cước"))
    }

    @Test("what is no picture is an error, and no half document is left", arguments: [[], Array("GIF89a".utf8)])
    func noPicture(_ bytes: [UInt8]) async throws {
        let bench = try ScannerBench()
        let file = bench.root.appendingPathComponent("bad.pdf")
        let page = try page(bench, bytes)
        await #expect(throws: ScanError.self) { try await scanner.writePDF([page], title: "", to: file) }
        await #expect(throws: ScanError.self) { try await scanner.writePDF([], title: "", to: file) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: bench.root.path) == ["pages"])
    }

    @Test("a full disk is disk-full, and no half document is left")
    func fullDisk() async throws {
        let bench = try ScannerBench()
        let page = try page(bench, PaperRenderer().jpeg(.blank, position: 0, area: ScanArea(resolution: 100)))
        // A limit on this process would hit other tests; the kernel's full device stands in for the disk.
        let file = bench.root.appendingPathComponent("full.pdf")
        let partial = bench.root.appendingPathComponent(".full.pdf.partial")
        try FileManager.default.createSymbolicLink(atPath: partial.path, withDestinationPath: "/dev/full")
        await #expect(throws: ScanError.diskFull) { try await scanner.writePDF([page], title: "", to: file) }
        #expect(!FileManager.default.fileExists(atPath: file.path))
    }
}
