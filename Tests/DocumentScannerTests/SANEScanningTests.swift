import CSANE
import DocumentScanner
import Peripherals
import Testing

@testable import SANEScanning

@Suite("What SANE says")
struct SANEScanningTests {
    @Test(
        "each status is one condition",
        arguments: [
            (SANE_STATUS_JAMMED, ScanError.device(.jam)), (SANE_STATUS_COVER_OPEN, .device(.coverOpen)),
            (SANE_STATUS_NO_DOCS, .device(.feederEmpty)), (SANE_STATUS_DEVICE_BUSY, .device(.busy)),
            (SANE_STATUS_ACCESS_DENIED, .device(.accessDenied)), (SANE_STATUS_IO_ERROR, .device(.fault)),
            (SANE_Status(rawValue: 12), .device(.warmingUp)), (SANE_STATUS_CANCELLED, .cancelled),
        ])
    func status(_ status: SANE_Status, _ error: ScanError) {
        #expect(SANEStatus.error(status, at: .pageStart, pages: 0) == error)
    }

    @Test("an empty feeder at the start is feeder-empty; after a page it is the end; within a page it is a jam")
    func emptyFeeder() {
        #expect(SANEStatus.error(SANE_STATUS_NO_DOCS, at: .pageStart, pages: 0) == .device(.feederEmpty))
        #expect(SANEStatus.error(SANE_STATUS_NO_DOCS, at: .pageStart, pages: 1) == nil)
        #expect(SANEStatus.error(SANE_STATUS_NO_DOCS, at: .pageBody, pages: 3) == .device(.jam))
    }

    @Test("a device that cannot be opened is absent", arguments: [SANE_STATUS_INVAL, SANE_STATUS_IO_ERROR])
    func absent(_ status: SANE_Status) {
        #expect(SANEStatus.error(status, at: .open, pages: 0) == .device(.absent))
    }

    @Test("no status at any moment is without meaning")
    func complete() {
        for code in UInt32(1)...20 {
            for moment in SANEMoment.allCases {
                #expect(SANEStatus.error(SANE_Status(rawValue: code), at: moment, pages: 0) != nil)
            }
        }
    }

    @Test("a page's announcement is checked before memory is taken")
    func frames() throws {
        func parameters(_ width: Int32, _ height: Int32, _ line: Int32, depth: Int32 = 8) -> SANE_Parameters {
            SANE_Parameters(
                format: SANE_FRAME_RGB, last_frame: 1, bytes_per_line: line, pixels_per_line: width, lines: height,
                depth: depth)
        }
        let page = try PageFrame(parameters(2480, 3508, 7440))
        #expect(page.capacity == 7440 * 3508)
        #expect(try page.lines(in: 7440 * 3508) == 3508)
        #expect(throws: ScanError.self) { try page.lines(in: 7440 * 3507) }
        #expect(try PageFrame(parameters(2480, -1, 7440)).lines(in: 7440 * 12) == 12)
        for bad in [
            parameters(0, 3508, 7440), parameters(-5, 3508, 7440), parameters(2480, 0, 7440),
            parameters(2480, 3508, 7439), parameters(2480, 3508, .max), parameters(.max, .max, .max),
            parameters(19_000, 19_000, 57_000), parameters(2480, 3508, 7440, depth: 7),
        ] {
            #expect(throws: ScanError.self) { try PageFrame(bad) }
        }
    }

    @Test("a page that ends in libjpeg's filler was cut off; one that ends in white or grey paper was not")
    func filler() throws {
        let frame = try PageFrame(
            SANE_Parameters(
                format: SANE_FRAME_GRAY, last_frame: 1, bytes_per_line: 64, pixels_per_line: 62, lines: 40, depth: 8))
        func page(_ tail: UInt8, lines: Int, odd: UInt8? = nil) throws -> Bool {
            var bytes = [UInt8](repeating: 250, count: 64 * (40 - lines)) + [UInt8](repeating: tail, count: 64 * lines)
            if let odd { bytes[64 * 39 + 5] = odd }
            let pixels = PagePixels()
            let room = try pixels.room(limit: bytes.count)
            _ = room.update(fromContentsOf: bytes)
            try pixels.received(bytes.count)
            return pixels.endsInFiller(frame, lines: 40)
        }
        #expect(try page(128, lines: 16))
        #expect(try page(128, lines: 30))
        #expect(try !page(128, lines: 15))
        #expect(try !page(255, lines: 30))
        #expect(try !page(127, lines: 30))
        #expect(try !page(128, lines: 30, odd: 129))
    }

    @Test("bits become black and white, sixteen bits keep the upper eight")
    func widening() throws {
        let bits = try PageFrame(
            SANE_Parameters(
                format: SANE_FRAME_GRAY, last_frame: 1, bytes_per_line: 2, pixels_per_line: 9, lines: 1, depth: 1))
        #expect(
            [UInt8]([0b1010_0000, 0b1000_0000]).withUnsafeBufferPointer { JPEGEncoder.widen($0, bits, lines: 1) }
                == [0, 255, 0, 255, 255, 255, 255, 255, 0])
        let deep = try PageFrame(
            SANE_Parameters(
                format: SANE_FRAME_GRAY, last_frame: 1, bytes_per_line: 4, pixels_per_line: 2, lines: 1, depth: 16))
        #expect(
            [UInt8]([0x01, 0xFE, 0xFF, 0x10]).withUnsafeBufferPointer { JPEGEncoder.widen($0, deep, lines: 1) }
                == [0xFE, 0x10])
    }

    @Test("sources and modes are found under the names of several back ends")
    func choices() {
        let airscan = ["Flatbed", "ADF", "ADF Duplex"]
        let test = ["Flatbed", "Automatic Document Feeder"]
        let fujitsu = ["ADF Front", "ADF Back", "ADF Duplex"]
        #expect(ScannerChoices.source(.automatic, among: airscan) == "ADF")
        #expect(ScannerChoices.source(.duplex, among: airscan) == "ADF Duplex")
        #expect(ScannerChoices.source(.flatbed, among: airscan) == "Flatbed")
        #expect(ScannerChoices.source(.automatic, among: test) == "Automatic Document Feeder")
        #expect(ScannerChoices.source(.feeder, among: fujitsu) == "ADF Front")
        #expect(ScannerChoices.source(.flatbed, among: fujitsu) == nil)
        #expect(ScannerChoices.source(.automatic, among: ["Flatbed"]) == "Flatbed")
        #expect(ScannerChoices.source(.automatic, among: []) == nil)
        #expect(ScannerChoices.mode(.colour, among: ["Gray", "Color"]) == "Color")
        #expect(ScannerChoices.mode(.grey, among: ["Lineart", "Gray", "Color"]) == "Gray")
        #expect(ScannerChoices.mode(.colour, among: ["Lineart"]) == nil)
        #expect(ScannerChoices.mode(.colour, among: ["Lineart", "Gray"]) == "Gray", "the nearest")
        #expect(ScannerChoices.kind(of: "ADF Back") == nil)
    }

    @Test(
        "an eSCL status is one condition",
        arguments: [
            ("Idle", "ScannerAdfLoaded", ScannerCondition.ready), ("Idle", "ScannerAdfEmpty", .feederEmpty),
            ("Idle", "ScannerAdfJam", .jam), ("Stopped", "ScannerAdfJam", .jam),
            ("Idle", "ScannerAdfMispick", .jam), ("Idle", "ScannerAdfMultipickDetected", .doubleFeed),
            ("Idle", "ScannerAdfDoorOpen", .coverOpen), ("Processing", "ScannerAdfLoaded", .busy),
            ("Testing", "ScannerAdfLoaded", .warmingUp), ("Down", "ScannerAdfEmpty", .fault),
            ("Dreaming", "", .unknown),
        ])
    func eSCL(_ state: String, _ feeder: String, _ condition: ScannerCondition) {
        let xml = """
            <?xml version="1.0"?><scan:ScannerStatus xmlns:scan="http://schemas.hp.com/imaging/escl/2011/05/03"
            xmlns:pwg="http://www.pwg.org/schemas/2010/12/sm"><pwg:Version>2.63</pwg:Version>
            <pwg:State> \(state) </pwg:State><scan:AdfState>\(feeder)</scan:AdfState></scan:ScannerStatus>
            """
        #expect(ESCLStatus(xml: Array(xml.utf8))?.condition == condition)
    }

    @Test("what is no scanner status is none", arguments: ["", "<", "<html/>", "{\"state\":\"Idle\"}"])
    func noStatus(_ text: String) {
        #expect(ESCLStatus(xml: Array(text.utf8)) == nil)
    }

    @Test("the address of a scanner is read from airscan.conf")
    func airscanFile() {
        let file = """
            # comment
            [devices]
            "Kiosk scanner" = http://127.0.0.1:8520/eSCL, eSCL
            Other = http://10.0.0.9/WSD, WSD
            Plain = http://10.0.0.8/eSCL
            [options]
            discovery = disable
            """
        #expect(
            AirscanConfiguration.address(of: "airscan:e0:Kiosk scanner", in: file) == "http://127.0.0.1:8520/eSCL")
        #expect(AirscanConfiguration.address(of: "airscan:e1:Plain", in: file) == "http://10.0.0.8/eSCL")
        #expect(AirscanConfiguration.address(of: "airscan:w0:Other", in: file) == nil)
        #expect(AirscanConfiguration.address(of: "airscan:e0:Nobody", in: file) == nil)
        #expect(AirscanConfiguration.address(of: "test:0", in: file) == nil)
    }
}
