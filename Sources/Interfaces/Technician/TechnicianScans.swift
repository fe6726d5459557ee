import Control
import Foundation
import Peripherals

/// Scans for technicians: pages that are measured and forgotten, or made into one PDF that is handed out in pieces.
///
/// Files live in a folder of their own while a scan runs; a finished PDF has no name any more, so that nothing of it is
/// left whatever happens.
actor TechnicianScans {
    private let scanner: any DocumentScanning
    private let processing: any PageProcessing
    private let folder: URL
    private var waiting: (id: UUID, file: FileHandle, bytes: Int)?
    private var expiry: Task<Void, any Error>?

    /// How long a PDF waits to be fetched.
    private static let lifetime = Duration.seconds(120)

    /// - Parameter folder: made when it is needed; what an earlier process left there is removed.
    init(scanner: any DocumentScanning, pages: any PageProcessing, folder: URL) {
        self.scanner = scanner
        processing = pages
        self.folder = folder
        try? FileManager.default.removeItem(at: folder)
    }

    func test(_ choices: ScanChoices) async throws -> ScannedBatch {
        try await inFolder { folder in try await self.batch(choices, in: folder).batch }
    }

    func document(_ choices: ScanChoices) async throws -> ScanDocumentCommand.Reply {
        drop()
        return try await inFolder { folder in
            let (batch, pages) = try await self.batch(choices, in: folder)
            guard !pages.isEmpty else { return ScanDocumentCommand.Reply(batch: batch, document: nil, bytes: 0) }
            let file = folder.appending(path: "scan.pdf")
            do throws(PageError) {
                try await self.makeDocument(of: pages, in: folder, file)
            } catch {
                throw ControlFault(page: error)
            }
            let bytes = try file.resourceValues(forKeys: [.fileSizeKey]).fileSize ?? 0
            return ScanDocumentCommand.Reply(
                batch: batch, document: self.keep(try FileHandle(forReadingFrom: file), bytes), bytes: bytes)
        }
    }

    /// As an applicant's papers are made, without their text.
    private func makeDocument(of scans: [ScannedPage], in folder: URL, _ file: URL) async throws(PageError) {
        var pages: [DocumentPage] = []
        for (index, scan) in scans.enumerated() {
            let place = folder.appending(path: "prepared-\(index + 1).jpg")
            pages.append(DocumentPage(picture: try await processing.prepare(scan, to: place).page))
        }
        let metadata = DocumentMetadata(title: "Scan", component: "scan", procedure: "none", createdAt: Date())
        try await processing.writePDF(pages, metadata, to: file)
    }

    func piece(_ command: ScanFetchCommand) throws -> ScanFetchCommand.Reply {
        guard let waiting, waiting.id == command.document else {
            throw ControlFault(
                code: "no-document", message: "That document is not there any more.",
                remedy: "Scan again: a document waits two minutes, and is handed out once.")
        }
        guard (0...waiting.bytes).contains(command.offset) else {
            throw ControlFault(
                code: "bad-offset", message: "The document has no byte \(command.offset).",
                remedy: "Use the kioskctl that came with this kioskd.")
        }
        try waiting.file.seek(toOffset: UInt64(command.offset))
        let bytes = try waiting.file.read(upToCount: ScanFetchCommand.Reply.pieceLimit) ?? Data()
        let isLast = bytes.isEmpty || command.offset + bytes.count >= waiting.bytes
        if isLast { drop() }
        return ScanFetchCommand.Reply(bytes: bytes, isLast: isLast)
    }

    // MARK: - Parts

    /// - Throws: `ControlFault` when there is no page at all.
    private func batch(_ choices: ScanChoices, in folder: URL) async throws -> (batch: ScannedBatch, [ScannedPage]) {
        let clock = ContinuousClock()
        let start = clock.now
        var last = start
        var pages: [ScannedPage] = []
        var measured: [ScannedBatch.Page] = []
        var fault: ControlFault?
        do {
            for try await page in scanner.scan(into: folder, choices: choices) {
                let bytes = try page.file.resourceValues(forKeys: [.fileSizeKey]).fileSize ?? 0
                pages.append(page)
                measured.append(
                    .init(
                        width: page.width, height: page.height, resolution: page.resolution, bytes: bytes,
                        milliseconds: Int((clock.now - last) / .milliseconds(1))))
                last = clock.now
            }
        } catch let error as ScanError {
            fault = ControlFault(scan: error)
        }
        if let fault, pages.isEmpty { throw fault }
        let batch = ScannedBatch(
            pages: measured, milliseconds: Int((clock.now - start) / .milliseconds(1)), fault: fault)
        return (batch, pages)
    }

    private func inFolder<Value>(_ body: (URL) async throws -> Value) async throws -> Value {
        let place = folder.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(
            at: place, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let result: Result<Value, any Error>
        do { result = .success(try await body(place)) } catch { result = .failure(error) }
        try FileManager.default.removeItem(at: place)
        return try result.get()
    }

    private func keep(_ file: FileHandle, _ bytes: Int) -> UUID {
        let id = UUID()
        drop()
        waiting = (id, file, bytes)
        // Nobody comes for it: its open file is closed, and the disk gets its room back.
        expiry = Task {
            try await Task.sleep(for: Self.lifetime)
            drop(id)
        }
        return id
    }

    private func drop(_ id: UUID? = nil) {
        guard id == nil || id == waiting?.id else { return }
        expiry?.cancel()
        expiry = nil
        waiting = nil
    }
}

extension ControlFault {
    /// Why a document was not made, for a technician.
    init(page error: PageError) {
        let (message, remedy): (String, String) =
            switch error {
            case .badPicture(let text): ("A page is damaged: \(text).", "Scan again.")
            case .diskFull: ("The disk is full.", "Free space below the data directory.")
            case .timedOut: ("The pages took too long.", "Try again with fewer pages.")
            case .cancelled: ("The work was cancelled.", "Try again.")
            case .failed(let text): ("The document was not made: \(text).", "See the log: journalctl -u kioskd.")
            }
        self.init(code: error.code, message: message, remedy: remedy)
    }

    /// Why a scan ended, for a technician.
    init(scan error: ScanError) {
        let (message, remedy): (String, String) =
            switch error {
            case .device(.feederEmpty):
                ("There is no paper in the scanner's feeder.", "Lay a page into the feeder and try again.")
            case .device(let condition): ("The scanner reports \(condition.code).", condition.remedy)
            case .timedOut: ("The scanner did not answer in time.", "Switch the scanner off and on.")
            case .diskFull: ("The disk is full.", "Free space below the data directory.")
            case .cancelled: ("The scan was cancelled.", "Try again.")
            case .failed(let text): ("The scan failed: \(text).", "See the log: journalctl -u kioskd.")
            }
        self.init(code: error.code, message: message, remedy: remedy)
    }
}
