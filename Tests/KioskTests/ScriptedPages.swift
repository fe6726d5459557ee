import Foundation
import Peripherals
import Synchronization

/// Pages as a test wants them: no picture is looked at, files are written as the real work writes them.
final class ScriptedPages: PageProcessing {
    /// What a page turns out to be; nil lets it fail. By the number of pages that came before it.
    typealias Findings = @Sendable (Int) -> [PageFinding]?

    struct State {
        var prepared = 0
        var cancelled = 0
        /// What the documents said about themselves.
        var documents: [DocumentMetadata] = []
        /// Pages of each document: whether they had a text layer.
        var layers: [[Bool]] = []
    }

    private let state = Mutex(State())
    private let findings: Findings
    private let text: String
    /// What preparing and reading wait for.
    private let preparing: WorkGate?
    private let reading: WorkGate?

    init(
        text: String = "", preparing: WorkGate? = nil, reading: WorkGate? = nil,
        findings: @escaping Findings = { _ in [] }
    ) {
        self.findings = findings
        self.text = text
        self.preparing = preparing
        self.reading = reading
    }

    var seen: State { state.withLock { $0 } }

    func prepare(_ page: ScannedPage, to file: URL) async throws(PageError) -> PreparedPage {
        let number = state.withLock { state in
            defer { state.prepared += 1 }
            return state.prepared
        }
        try await work(file, preparing)
        guard let findings = findings(number) else { throw .badPicture("scripted") }
        var picture = page
        picture.file = file
        return PreparedPage(page: picture, findings: findings, codes: [])
    }

    func recognise(_ page: ScannedPage, layer: URL) async throws(PageError) -> RecognisedText {
        try await work(layer, reading)
        return RecognisedText(layer: layer, text: text, confidence: 90)
    }

    func writePDF(_ pages: [DocumentPage], _ metadata: DocumentMetadata, to file: URL) async throws(PageError) {
        state.withLock {
            $0.documents.append(metadata)
            $0.layers.append(pages.map { $0.layer != nil })
        }
        try write(file)
    }

    /// A cancelled work leaves a part of its file behind, as a killed process does.
    private func work(_ file: URL, _ gate: WorkGate?) async throws(PageError) {
        try write(file)
        await gate?.pass()
        guard !Task.isCancelled else {
            state.withLock { $0.cancelled += 1 }
            throw .cancelled
        }
    }

    private func write(_ file: URL) throws(PageError) {
        do {
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data("scripted".utf8).write(to: file)
        } catch let error as CocoaError where error.code == .fileWriteOutOfSpace {
            throw .diskFull
        } catch {
            throw .failed("\(error)")
        }
    }
}

/// Holds whoever comes until it is opened, or the work is cancelled.
final class WorkGate: Sendable {
    private struct State {
        var isOpen = false
        var visitors = 0
        var waiting: [Int: CheckedContinuation<Void, Never>] = [:]
    }

    private let state = Mutex(State())

    /// How many came so far.
    var visitors: Int { state.withLock { $0.visitors } }

    func open() {
        let waiting = state.withLock { state in
            state.isOpen = true
            defer { state.waiting = [:] }
            return state.waiting.values
        }
        waiting.forEach { $0.resume() }
    }

    func pass() async {
        let number = state.withLock { state in
            state.visitors += 1
            return state.visitors
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let goesOn = state.withLock { state in
                    if state.isOpen || Task.isCancelled { return true }
                    state.waiting[number] = continuation
                    return false
                }
                if goesOn { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiting.removeValue(forKey: number) }?.resume()
        }
    }
}
