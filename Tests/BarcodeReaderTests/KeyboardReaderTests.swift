import Foundation
import Logging
import Simulator
import Testing
import USB

@testable import BarcodeReader

@Suite struct KeyboardReaderTests {
    private static let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    /// A pipe stands for the device file.
    private func withPipe(
        _ body: (KeyboardReader, Int32, AsyncStream<BarcodeScan>.Iterator, Task<EventDeviceError?, Never>) async throws
            -> Void
    ) async throws {
        var ends: [Int32] = [-1, -1]
        // A program that another test starts would hold the pipe open, too.
        #expect(pipe(&ends) == 0)
        for end in ends { #expect(fcntl(end, F_SETFD, FD_CLOEXEC) == 0) }
        let source = ends[0]
        let reader = KeyboardReader(try USBDeviceInfo(whole: KeyboardWedgeDevice().descriptors), logger: Self.logger)
        let scans = reader.scans().makeAsyncIterator()
        let running = Task<EventDeviceError?, Never> {
            do throws(EventDeviceError) {
                try await reader.read([try EventDevice(descriptor: source)])
                return nil
            } catch {
                return error
            }
        }
        try await body(reader, ends[1], scans, running)
    }

    private func send(_ bytes: [UInt8], to descriptor: Int32) {
        #expect(write(descriptor, bytes, bytes.count) == bytes.count)
    }

    @Test("keys become a scan that is marked as unreliable; the end of the device is its absence")
    func scan() async throws {
        try await withPipe { _, end, scans, running in
            var scans = scans
            send(Keys.stroke(11) + Keys.held(42, 43, 30) + Keys.stroke(28), to: end)
            #expect(await scans.next() == BarcodeScan(text: "0|A", isReliable: false))
            // Without Enter the pause ends it.
            send(Keys.stroke(3), to: end)
            #expect(await scans.next() == BarcodeScan(text: "2", isReliable: false))
            close(end)
            #expect(await running.value == .gone)
        }
    }

    @Test("cancelled, it lets go of the device")
    func cancelled() async throws {
        try await withPipe { reader, end, _, running in
            while await reader.condition() != .ready { await Task.yield() }
            running.cancel()
            #expect(await running.value == nil)
            // Nobody holds the pipe's other end any more, as soon as the thread has ended.
            var polled = pollfd(fd: end, events: 0, revents: 0)
            #expect(poll(&polled, 1, 10_000) == 1 && polled.revents & Int16(POLLERR) != 0)
            close(end)
        }
    }

    @Test("what cannot be grabbed is said to be so, and is not read")
    func grab() {
        #expect(throws: EventDeviceError.gone) { try EventDevice(path: "/dev/input/no-such-device") }
        #expect {
            _ = try EventDevice(path: "/dev/null")
        } throws: { error in
            guard case .failed(let what)? = error as? EventDeviceError else { return false }
            return what.hasPrefix("grabbing /dev/null: ")
        }
    }

    @Test("the kernel's nodes of the device are found by port and ids, those of its keyboards only")
    func nodes() throws {
        let root = FileManager.default.temporaryDirectory.appending(path: "sysfs-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: root) }
        func make(_ path: String, _ text: String? = nil) throws {
            let url = root.appending(path: path)
            if let text {
                try FileManager.default.createDirectory(
                    at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
                try Data(text.utf8).write(to: url)
            } else {
                try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
            }
        }
        try make("1-1.4/idVendor", "1eab\n")
        try make("1-1.4/idProduct", "fff3\n")
        try make("1-1.4:1.0/0003:1EAB:FFF3.0001/input/input12/event5")
        try make("1-1.4:1.0/0003:1EAB:FFF3.0001/input/input13/event6")
        try make("1-1.4:1.1/0003:1EAB:FFF3.0002/input/input14/event7")
        try make("1-1:1.0/0003:046D:C31C.0003/input/input1/event1")
        let nodes = InputNodes(devices: root, nodes: URL(filePath: "/dev/input"))
        var info = try USBDeviceInfo(whole: KeyboardWedgeDevice().descriptors, port: "1-1.4")
        #expect(nodes.paths(for: info) == ["/dev/input/event5", "/dev/input/event6"])
        info.port = "1-1"
        #expect(nodes.paths(for: info).isEmpty)
        (info.port, info.product) = ("1-1.4", 0x1234)
        #expect(nodes.paths(for: info).isEmpty)
    }

    @Test("a keyboard is a reader only when it is named; the better ways come first")
    func kinds() throws {
        let keyboard = try USBDeviceInfo(whole: KeyboardWedgeDevice().descriptors)
        #expect(BarcodeReaderKind.kinds(of: keyboard, isChosen: false).isEmpty)
        #expect(BarcodeReaderKind.kinds(of: keyboard, isChosen: true) == [.keyboard])
        let serial = try USBDeviceInfo(whole: SerialQRReaderDevice().descriptors)
        #expect(BarcodeReaderKind.kinds(of: serial, isChosen: false) == [.serial])
        var both = serial
        both.interfaces += HIDPOSReaderTests.info.interfaces + keyboard.interfaces
        #expect(BarcodeReaderKind.kinds(of: both, isChosen: true) == [.hidPOS, .serial, .keyboard])
    }

    @Test("of a card's text that was typed only numbers and dates are trusted; other texts stay as they are")
    func trusted() {
        let typed = BarcodeScan(
            text: "052301000123|012345678|Nguyn Th Hng Nhun|01011950|N|Phng Quy Nhn|25112021||x", isReliable: false)
        #expect(typed.trustedText == "052301000123|012345678||01011950|||25112021||")
        let whole = BarcodeScan(text: QRTextAssemblerTests.text)
        #expect(whole.trustedText == whole.text)
        let insurance = BarcodeScan(text: "DN4520123456789|4e677579|01/01/1990|1|486120|52|x", isReliable: false)
        #expect(insurance.trustedText == insurance.text)
        #expect(BarcodeScan(text: "A005", isReliable: false).trustedText == "A005")
    }
}
