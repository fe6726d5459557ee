import Peripherals
import Testing

@testable import OfficePrinter

@Suite("printer-state-reasons")
struct PrinterStateTests {
    @Test(
        "a reason is a keyword and a severity; without a suffix it is an error (RFC 8011, 5.4.12)",
        arguments: [
            ("media-empty", PrinterStateReason.Kind.mediaEmpty, PrinterStateReason.Severity.error),
            ("media-empty-error", .mediaEmpty, .error), ("media-empty-warning", .mediaEmpty, .warning),
            ("media-needed-report", .mediaNeeded, .report), ("cover-open-error", .coverOpen, .error),
            ("door-open", .doorOpen, .error), ("marker-supply-low-warning", .markerSupplyLow, .warning),
            ("offline-report", .offline, .report), ("paused", .paused, .error),
            ("cups-ipp-missing-job-history", .missingJobHistory, .report),
        ])
    func known(_ text: String, _ kind: PrinterStateReason.Kind, _ severity: PrinterStateReason.Severity) {
        let reason = PrinterStateReason(text)
        #expect(reason?.kind == kind)
        #expect(reason?.severity == severity)
    }

    @Test("what is not known keeps its name, what is no keyword is dropped")
    func others() {
        #expect(PrinterStateReason("com.example.hopper-4-wobbles-warning")?.keyword == "com.example.hopper-4-wobbles")
        #expect(PrinterStateReason("com.example.hopper-4-wobbles-warning")?.kind == nil)
        for text in ["none", "", "-error", "media empty", "giấy", String(repeating: "a", count: 256)] {
            #expect(PrinterStateReason(text) == nil, "\(text)")
        }
        #expect(PrinterStateReason.list((0..<100).map { "reason-\($0)" }).count == 64)
        #expect(PrinterStateReason.list(["paused", "paused", "none"]).count == 1)
    }

    struct Case: Sendable {
        var queue: PrinterSnapshot
        var device: DeviceAnswer
        var condition: OfficePrinterCondition
        init(_ queue: PrinterSnapshot, _ condition: OfficePrinterCondition) {
            self.init(queue, .notAsked, condition)
        }
        init(_ queue: PrinterSnapshot, _ device: DeviceAnswer, _ condition: OfficePrinterCondition) {
            self.queue = queue
            self.device = device
            self.condition = condition
        }
    }

    static let idle = PrinterSnapshot(.idle)
    static func says(_ state: PrinterSnapshot.State, _ reasons: String...) -> DeviceAnswer {
        .answered(PrinterSnapshot(state, reasons))
    }

    static let cases: [Case] = [
        Case(idle, .ready),
        Case(PrinterSnapshot(.idle, ["media-empty-error"]), .paperOut),
        // One tray of several: it prints.
        Case(PrinterSnapshot(.idle, ["media-empty-warning"]), .suppliesLow),
        Case(PrinterSnapshot(.idle, ["media-empty-report"]), .ready),
        // But not when it has stopped.
        Case(PrinterSnapshot(.stopped, ["media-empty-warning"]), .paperOut),
        Case(PrinterSnapshot(.processing, ["media-needed-error"]), .paperNeeded),
        Case(PrinterSnapshot(.idle, ["media-jam"]), .jam),
        Case(PrinterSnapshot(.idle, ["cover-open-error"]), .coverOpen),
        Case(PrinterSnapshot(.idle, ["door-open"]), .coverOpen),
        Case(PrinterSnapshot(.idle, ["cover-open-warning"]), .ready),
        Case(PrinterSnapshot(.idle, ["marker-supply-empty-error"]), .tonerOut),
        Case(PrinterSnapshot(.idle, ["toner-low-report"]), .suppliesLow),
        Case(PrinterSnapshot(.idle, ["output-area-full"]), .outputFull),
        Case(PrinterSnapshot(.processing, ["offline-report", "connecting-to-device"]), .offline),
        Case(PrinterSnapshot(.processing, ["connecting-to-device"]), .ready),
        Case(PrinterSnapshot(.idle, ["cups-ipp-missing-job-history"]), .ready),
        Case(PrinterSnapshot(.stopped, ["paused"], message: "Paused"), .paused),
        Case(PrinterSnapshot(.idle, isAccepting: false), .paused),
        Case(PrinterSnapshot(.stopped, ["paused"]), .stopped),
        Case(PrinterSnapshot(.stopped, ["paused", "media-empty-error"]), .paperOut),
        Case(PrinterSnapshot(.stopped, ["com.example.smoke-error"]), .fault),
        // The nearer cause first: paper can't be put in while the door is open.
        Case(PrinterSnapshot(.idle, ["media-empty-error", "cover-open-error"]), .coverOpen),
        // The printer's own word is newer than the queue's.
        Case(PrinterSnapshot(.idle, ["media-empty-error"]), says(.idle), .ready),
        Case(idle, says(.idle, "media-empty-error"), .paperOut),
        Case(idle, says(.stopped), .fault),
        Case(idle, .silent, .offline),
        Case(PrinterSnapshot(.stopped, ["paused", "media-empty-error"]), says(.idle), .stopped),
    ]

    @Test("queue and printer together give one condition", arguments: cases)
    func conditions(_ given: Case) {
        #expect(OfficePrinterCondition(queue: given.queue, device: given.device) == given.condition)
    }

    @Test("an answer without a state is no answer; texts are cut")
    func bounded() {
        #expect(PrinterSnapshot(IPPAttributes(values: ["printer-state-reasons": .texts(["none"])])) == nil)
        #expect(PrinterSnapshot(IPPAttributes(values: ["printer-state": .integers([99])])) == nil)
        let long = PrinterSnapshot(
            IPPAttributes(values: [
                "printer-state": .integers([3]), "printer-state-message": .texts([String(repeating: "x", count: 5000)]),
            ]))
        #expect(long?.message.count == 200)
    }

    @Test("the doctor names a queue that drops jobs, and one that lost a job")
    func advice() {
        #expect(
            DeviceAdvice.list(PrinterSnapshot(.idle, errorPolicy: "retry-current-job"), queue: "office").isEmpty)
        let advice = DeviceAdvice.list(
            PrinterSnapshot(.idle, ["cups-ipp-missing-job-history"], errorPolicy: "stop-printer"), queue: "office")
        #expect(advice.count == 2)
        #expect(advice.first?.remedy.contains("printer-error-policy=retry-current-job") == true)
    }

    @Test(
        "a server is a path, a host, or a host and a port",
        arguments: [
            ("/run/cups/cups.sock", CUPSServer(socket: "/run/cups/cups.sock")),
            ("print.hall", CUPSServer(host: "print.hall")),
            ("10.0.0.5:8631", CUPSServer(host: "10.0.0.5", port: 8631)), ("", nil), ("host:0", nil), ("a:b:c", nil),
            ("ho st", nil),
        ])
    func server(_ text: String, _ server: CUPSServer?) { #expect(CUPSServer(text) == server) }
}
