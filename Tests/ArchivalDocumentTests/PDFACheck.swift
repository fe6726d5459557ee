import Foundation
import Subprocess

/// Two readers that know nothing of this program judge a file: the PDF/A validator of pikepdf, and Ghostscript.
enum PDFACheck {
    /// pikepdf 10 refuses every extension schema, though ISO 19005-2, 6.6.2.3.3 allows them: what it says about the
    /// kiosk's namespace and about the schema's own is left out here and checked by a test of its own.
    private static let script = """
        import sys, pikepdf.pdfa
        report = pikepdf.pdfa.validate_written(sys.argv[1], '2b')
        for finding in report.findings:
            own = any(f' {name}{end}' in str(finding) for end in ':='
                      for name in ('kiosk', 'pdfaExtension', 'pdfaSchema', 'pdfaProperty'))
            if not (own and '6.6.2.3.1-1' in str(finding)):
                print(finding)
        """

    private static let python = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: ".venv/bin/python").path

    /// - Returns: what breaks PDF/A-2b, a rule a line; empty when nothing does.
    static func findings(_ file: URL) async throws -> String {
        let result = try await run(
            .path(.init(python)), arguments: ["-c", script, file.path], output: .string(limit: 1 << 20),
            error: .string(limit: 64 << 10))
        guard result.terminationStatus.isSuccess else { throw Tool.Failure(text: result.standardError ?? "") }
        return result.standardOutput ?? ""
    }

    /// - Returns: what Ghostscript says while it draws every page; empty when it has nothing to say.
    static func complaints(_ file: URL) async throws -> String {
        try await Tool.output(
            of: "gs", ["-q", "-dNOPAUSE", "-dBATCH", "-dSAFER", "-dPDFSTOPONERROR", "-sDEVICE=nullpage", file.path])
    }
}
