import Peripherals
import Testing

@testable import DocumentScanner

@Suite("Events of kiosk-scan")
struct ScanEventTests {
    @Test("every event is read back as it was written", arguments: Self.events)
    func roundTrip(_ event: ScanEvent) {
        #expect(ScanEvent(line: event.line) == event)
    }

    static let events: [ScanEvent] =
        [
            .device(FoundScanner(name: "test:0", vendor: "Noname", model: "frontend-tester", type: "virtual device")),
            .opened(FoundScanner(name: "airscan:e0:Máy quét", vendor: "eSCL", model: "X", type: "ip=127.0.0.1")),
            .page(file: "page-001.jpg", width: 2480, height: 3508, resolution: 300),
            .opened(
                FoundScanner(
                    name: "fujitsu:libusb:001:007", vendor: "FUJITSU", model: "fi-7160", type: "scanner", serial: "A1",
                    port: "1-4", usbID: "04c5:132e")),
            .abilities(
                ScannerAbilities(
                    sources: [
                        .init(
                            name: "ADF", kind: .feeder, resolutions: [50, 600], isRange: true, width: 216, height: 432)
                    ], modes: ["Color"])),
            .done,
            .failed(.timedOut), .failed(.diskFull), .failed(.cancelled), .failed(.failed("the lamp is broken")),
        ] + ScannerCondition.allCases.map { .status($0) } + ScannerCondition.allCases.map { .failed(.device($0)) }

    @Test("a page has the fields that other programs read")
    func pageFields() {
        let event = ScanEvent.page(file: "page-001.jpg", width: 2480, height: 3508, resolution: 300)
        #expect(
            event.line
                == #"{"event":"page","file":"page-001.jpg","height":3508,"resolution":300,"width":2480}"#)
    }

    @Test(
        "what is no event within its bounds is not believed",
        arguments: [
            "", "warming up…", "{", "[]", #"{"event":"eject"}"#, #"{"event":"status","condition":"on-fire"}"#,
            #"{"event":"page","file":"../../etc/passwd","width":10,"height":10,"resolution":300}"#,
            #"{"event":"page","file":"/etc/passwd","width":10,"height":10,"resolution":300}"#,
            #"{"event":"page","file":".hidden","width":10,"height":10,"resolution":300}"#,
            #"{"event":"page","file":"","width":10,"height":10,"resolution":300}"#,
            #"{"event":"page","file":"a.jpg","width":0,"height":10,"resolution":300}"#,
            #"{"event":"page","file":"a.jpg","width":10,"height":1000000,"resolution":300}"#,
            #"{"event":"page","file":"a.jpg","width":10,"height":10,"resolution":-300}"#,
            #"{"event":"page","file":"a.jpg","width":10,"height":10}"#,
        ])
    func nonsense(_ line: String) {
        #expect(ScanEvent(line: line) == nil)
    }
}

@Suite("Requests to kiosk-scan")
struct ScanRequestTests {
    @Test("a request is read back as it was written")
    func roundTrip() throws {
        let request = ScanRequest(
            job: .scan, device: ScannerSelection(vendor: "Fujitsu"),
            settings: ScanSettings(source: .duplex, mode: .grey, resolution: 200, options: ["swcrop": "yes"]),
            directory: "/tmp/pages")
        #expect(try ScanRequest(line: request.line()) == request)
    }

    @Test("a request that nothing can serve is refused with its reason")
    func refused() throws {
        #expect(throws: ScanRequestError.malformed) { try ScanRequest(line: "scan, please") }
        #expect(throws: ScanRequestError.noDirectory) { try ScanRequest(line: ScanRequest(job: .scan).line()) }
        #expect(throws: ScanRequestError.outOfRange("resolution", 50...1200)) {
            try ScanRequest(line: ScanRequest(job: .status, settings: ScanSettings(resolution: 90_000)).line())
        }
        #expect(throws: ScanRequestError.tooLong) {
            try ScanRequest(line: String(repeating: " ", count: ScanRequest.lengthLimit + 1))
        }
    }

    @Test("a scanner is found again by maker and model when its SANE name has changed")
    func selection() {
        let before = FoundScanner(name: "fujitsu:libusb:001:004", vendor: "FUJITSU", model: "fi-7160", type: "scanner")
        let after = FoundScanner(name: "fujitsu:libusb:003:009", vendor: "FUJITSU", model: "fi-7160", type: "scanner")
        let other = FoundScanner(name: "test:0", vendor: "Noname", model: "frontend-tester", type: "virtual device")
        let selection = ScannerSelection(vendor: "Fujitsu", model: "7160")
        #expect(selection.choose(from: [other, before]) == before)
        #expect(selection.choose(from: [after, other]) == after)
        #expect(selection.choose(from: [other]) == nil)
        #expect(ScannerSelection(name: "test:0").choose(from: [after, other]) == other)
        #expect(ScannerSelection.first.choose(from: [after, other]) == after)
    }
}
