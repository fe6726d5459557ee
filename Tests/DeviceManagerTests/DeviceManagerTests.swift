import DeviceManager
import Logging
import Peripherals
import Simulator
import Testing
import TicketPrinter
import USB

/// The whole way: simulator, USB/IP, drivers, front objects.
@Suite("Device manager")
struct DeviceManagerTests {
    static let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    static let ticket = TicketContent(
        hall: "Bộ phận Một cửa", number: "A005", className: "", procedure: "Đăng ký khai sinh",
        issuedAt: "08:00 02/01/2026", qr: "A005")
    let citizen = SyntheticCitizen.nguyenVanA

    /// Runs a manager on a simulated kiosk while `body` uses both.
    func withKiosk(
        qrReader: QRReaderKind = .hidPOS, selection: DeviceSelection = .automatic,
        _ body: @Sendable (VirtualKiosk, DeviceManager) async throws -> Void
    ) async throws {
        let kiosk = try VirtualKiosk(qrReader: qrReader, logger: Self.logger)
        let ports = try await kiosk.start()
        let bus = USBIPBus(host: "127.0.0.1", port: ports.usbip, interval: .milliseconds(10), logger: Self.logger)
        let manager = DeviceManager(
            bus: bus, selection: selection, backOff: .init(first: .milliseconds(10), longest: .milliseconds(100)),
            printer: { device, logger in
                ESCPOSPrinter(device, timings: .init(poll: .milliseconds(20)), logger: logger)
            }, logger: Self.logger)
        let running = Task { await manager.run() }
        do {
            try await body(kiosk, manager)
        } catch {
            running.cancel()
            await running.value
            await kiosk.stop()
            throw error
        }
        running.cancel()
        await running.value
        await kiosk.stop()
    }

    /// Waits until the reports say this of a role.
    func wait(for condition: String, of role: DeviceRole, _ manager: DeviceManager) async throws -> DeviceReport {
        for await reports in manager.reportChanges() {
            if let report = reports.first(where: { $0.role == role }), report.condition == condition { return report }
        }
        throw CancellationError()
    }

    func wait(for presence: CardPresence, _ manager: DeviceManager) async {
        for await now in manager.cardReader.presence() where now == presence { return }
    }

    @Test("every role is found by what its device says of itself")
    func finds() async throws {
        try await withKiosk { _, manager in
            for role in [DeviceRole.cardReader, .barcodeReader, .ticketPrinter] {
                let report = try await wait(for: "ready", of: role, manager)
                #expect(report.ready)
                #expect(report.remedy.isEmpty)
                #expect(report.product != nil)
                #expect(report.port != nil)
                #expect(report.usbID?.count == 9)
            }
            let reports = await manager.reports()
            #expect(reports.map(\.role) == [.cardReader, .barcodeReader, .ticketPrinter])
        }
    }

    @Test("a card is read through the front object")
    func readsCard() async throws {
        try await withKiosk { kiosk, manager in
            _ = try await wait(for: "ready", of: .cardReader, manager)
            try await kiosk.reader.insert(citizen)
            await wait(for: .present, manager)
            let result = try await manager.cardReader.readWhole(.qr(citizen.qrText))
            #expect(result.citizen.number == citizen.number)
            #expect(result.access == .paceCAN)
        }
    }

    @Test("a reader pulled out in the middle of a read gives the next person a working kiosk")
    func pulledOutWhileReading() async throws {
        try await withKiosk { kiosk, manager in
            _ = try await wait(for: "ready", of: .cardReader, manager)
            try await kiosk.reader.insert(citizen)
            await wait(for: .present, manager)
            let rig = kiosk.rig
            var isPulled = false
            var failure: CardReadError?
            for await event in manager.cardReader.read(.qr(citizen.qrText), needs: []) {
                switch event {
                // The first progress after the opening: the secure channel stands, the groups are being read.
                case .progress(let fraction) where fraction > 0 && !isPulled:
                    isPulled = true
                    _ = try await rig.run(["unplug", "reader"])
                case .failed(let error): failure = error
                default: break
                }
            }
            #expect(failure != nil)
            await wait(for: .noReader, manager)
            _ = try await wait(for: "absent", of: .cardReader, manager)
            await #expect(throws: CardReadError.noReader) {
                try await manager.cardReader.readWhole(.qr(citizen.qrText))
            }
            _ = try await rig.run(["plug", "reader"])
            await wait(for: .present, manager)
            let result = try await manager.cardReader.readWhole(.qr(citizen.qrText))
            #expect(result.citizen.number == citizen.number)
        }
    }

    @Test("a ticket is printed with proof, and after paper out and paper in the printer is ready by itself")
    func prints() async throws {
        try await withKiosk { kiosk, manager in
            _ = try await wait(for: "ready", of: .ticketPrinter, manager)
            #expect(await manager.ticketPrinter.print(Self.ticket) == .printed)
            _ = try await kiosk.rig.run(["fault", "printer", "paper-out"])
            let out = try await wait(for: "paper-out", of: .ticketPrinter, manager)
            #expect(!out.ready)
            #expect(out.remedy == PrinterCondition.paperOut.remedy)
            #expect(await manager.ticketPrinter.print(Self.ticket) == .refused(.paperOut))
            _ = try await kiosk.rig.run(["fault", "printer", "paper-in"])
            _ = try await wait(for: "ready", of: .ticketPrinter, manager)
            #expect(await manager.ticketPrinter.print(Self.ticket) == .printed)
        }
    }

    @Test("a printer that was switched off and on prints again, through the same object")
    func printerReplugged() async throws {
        try await withKiosk { kiosk, manager in
            let printer = manager.ticketPrinter
            _ = try await wait(for: "ready", of: .ticketPrinter, manager)
            _ = try await kiosk.rig.run(["unplug", "printer"])
            _ = try await wait(for: "absent", of: .ticketPrinter, manager)
            #expect(await printer.print(Self.ticket) == .refused(.absent))
            _ = try await kiosk.rig.run(["plug", "printer"])
            _ = try await wait(for: "ready", of: .ticketPrinter, manager)
            #expect(await printer.print(Self.ticket) == .printed)
        }
    }

    @Test(
        "switched off and on, or its cable pulled, in the middle of a ticket: absent at once, failed, never a second paper"
    )
    func printerLeavesWhilePrinting() async throws {
        try await withKiosk { kiosk, manager in
            _ = try await wait(for: "ready", of: .ticketPrinter, manager)
            for event in ["power-cycle", "unplug"] {
                _ = try await kiosk.rig.run(["fault", "printer", event, "--after-rows", "100"])
                let outcome = await manager.ticketPrinter.print(Self.ticket)
                #expect(outcome == .failed(.absent))
                _ = try await kiosk.rig.run(["plug", "printer"])
                // Until the one that came back is found, nothing is sent.
                var again = PrintOutcome.refused(.absent)
                while again == .refused(.absent) {
                    _ = try await wait(for: "ready", of: .ticketPrinter, manager)
                    again = await manager.ticketPrinter.print(Self.ticket)
                }
                #expect(again == .printed)
            }
            let slips = await kiosk.printer.slips
            let whole = slips.map(\.height).max()
            #expect(slips.filter { $0.height == whole }.count == 2)
        }
    }

    @Test("one stream of scans survives the QR reader's replugging")
    func scans() async throws {
        try await withKiosk { kiosk, manager in
            let scans = manager.barcodeReader.scans()
            var iterator = scans.makeAsyncIterator()
            _ = try await wait(for: "ready", of: .barcodeReader, manager)
            _ = try await kiosk.rig.run(["qr", "show", "nguyen-van-a"])
            #expect(await iterator.next() == citizen.qrText)
            _ = try await kiosk.rig.run(["unplug", "qr"])
            _ = try await wait(for: "absent", of: .barcodeReader, manager)
            _ = try await kiosk.rig.run(["plug", "qr"])
            _ = try await wait(for: "ready", of: .barcodeReader, manager)
            _ = try await kiosk.rig.run(["qr", "show", "một mã khác"])
            #expect(await iterator.next() == "một mã khác")
        }
    }

    @Test(
        "a QR reader of every kind that needs no kernel is found by itself",
        arguments: [
            QRReaderKind.hidPOS, .zebra, .honeywell, .serial,
        ])
    func kindsOfQRReaders(_ kind: QRReaderKind) async throws {
        try await withKiosk(qrReader: kind) { kiosk, manager in
            var scans = manager.barcodeReader.scans().makeAsyncIterator()
            let report = try await wait(for: "ready", of: .barcodeReader, manager)
            #expect(report.product?.contains("QR reader") == true)
            _ = try await kiosk.rig.run(["qr", "show", "nguyen-van-a"])
            #expect(await scans.next() == citizen.qrText)
        }
    }

    @Test("a keyboard is left alone, unless it is named; and is then not read where the kernel does not know it")
    func keyboards() async throws {
        try await withKiosk(qrReader: .keyboard) { _, manager in
            _ = try await wait(for: "absent", of: .barcodeReader, manager)
        }
        let named = DeviceSelection(barcodeReader: DeviceSelector(ids: [USBID(vendor: 0x1EAB, product: 0xFFF3)]))
        try await withKiosk(qrReader: .keyboard, selection: named) { _, manager in
            _ = try await wait(for: "fault", of: .barcodeReader, manager)
        }
    }

    @Test("without a bus every role is absent, and nothing else happens")
    func noBus() async throws {
        let server = USBIPServer(port: 0, logger: Self.logger)
        let port = try await server.start()
        await server.stop()
        let bus = USBIPBus(host: "127.0.0.1", port: port, interval: .milliseconds(10), logger: Self.logger)
        let manager = DeviceManager(bus: bus, logger: Self.logger)
        #expect(await manager.cardReader.condition() == .unknown)
        let running = Task { await manager.run() }
        for role in [DeviceRole.cardReader, .barcodeReader, .ticketPrinter] {
            let report = try await wait(for: "absent", of: role, manager)
            #expect(!report.remedy.isEmpty)
        }
        #expect(await manager.ticketPrinter.print(Self.ticket) == .refused(.absent))
        running.cancel()
        await running.value
    }
}
