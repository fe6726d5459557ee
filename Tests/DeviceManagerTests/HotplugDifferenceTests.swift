import DeviceManager
import Peripherals
import Testing
import USB

@Suite("Hotplug is a difference of two sets")
struct HotplugDifferenceTests {
    typealias Action = HotplugDifference.Action

    /// Class 0Bh may be a card reader, class 07h a printer; product 2 is preferred.
    static func difference() -> HotplugDifference {
        HotplugDifference(
            roles: [.cardReader, .ticketPrinter], backOff: .init(first: .seconds(1), longest: .seconds(8))
        ) { role, info in
            switch (role, info.interfaces.first?.interfaceClass) {
            case (.cardReader, 0x0B), (.ticketPrinter, 0x07): info.product == 2 ? 0 : 1
            default: nil
            }
        }
    }

    static func device(_ kind: UInt8, port: String, product: UInt16 = 1, generation: UInt64 = 1) -> USBDeviceInfo {
        USBDeviceInfo(
            address: port, port: port, generation: generation, vendor: 1, product: product, deviceClass: 0,
            interfaces: [USBInterface(number: 0, interfaceClass: kind, endpoints: [])])
    }

    let reader = device(0x0B, port: "1-1")
    let printer = device(0x07, port: "1-2")

    @Test("what appears is opened once, what nobody can serve is left alone")
    func opens() {
        var difference = Self.difference()
        let mouse = Self.device(0x03, port: "1-9")
        #expect(
            difference.see([reader, printer, mouse], at: .zero)
                == [.open(.cardReader, reader), .open(.ticketPrinter, printer)])
        #expect(difference.see([reader, printer, mouse], at: .seconds(1)) == [])
    }

    @Test("a device that left is closed; the one that comes back is opened after the old session has ended")
    func replug() {
        var difference = Self.difference()
        _ = difference.see([reader], at: .zero)
        #expect(difference.see([], at: .seconds(1)) == [.close(.cardReader, reader)])
        let again = Self.device(0x0B, port: "1-1", generation: 2)
        // It is back before the driver has let go of the first.
        #expect(difference.see([again], at: .seconds(2)) == [.close(.cardReader, reader)])
        #expect(
            difference.ended(.cardReader, reader, wasReady: true, at: .seconds(3)) == [.open(.cardReader, again)])
    }

    @Test("out and in again between two looks is another device")
    func quickReplug() {
        var difference = Self.difference()
        _ = difference.see([reader], at: .zero)
        let again = Self.device(0x0B, port: "1-1", generation: 2)
        #expect(difference.see([again], at: .seconds(1)) == [.close(.cardReader, reader)])
        #expect(
            difference.ended(.cardReader, reader, wasReady: true, at: .seconds(1)) == [.open(.cardReader, again)])
    }

    @Test("a device that cannot be used is tried again, ever more rarely, and never forgotten")
    func backOff() {
        var difference = Self.difference()
        _ = difference.see([reader], at: .zero)
        var now = Duration.zero
        for wait in [1, 2, 4, 8, 8] {
            #expect(difference.ended(.cardReader, reader, wasReady: false, at: now) == [])
            #expect(difference.nextWake == now + .seconds(wait))
            #expect(difference.wake(at: now + .milliseconds(wait * 1000 - 1)) == [])
            now += .seconds(wait)
            #expect(difference.wake(at: now) == [.open(.cardReader, reader)])
            #expect(difference.nextWake == nil)
        }
    }

    @Test("a device that served is opened again after the shortest wait")
    func servedBefore() {
        var difference = Self.difference()
        _ = difference.see([reader], at: .zero)
        for _ in 0..<3 {
            _ = difference.ended(.cardReader, reader, wasReady: false, at: .zero)
            _ = difference.wake(at: .seconds(100))
        }
        _ = difference.ended(.cardReader, reader, wasReady: true, at: .seconds(100))
        #expect(difference.nextWake == .seconds(101))
    }

    @Test("plugging in again ends the patience with the device before")
    func replugForgets() {
        var difference = Self.difference()
        _ = difference.see([reader], at: .zero)
        _ = difference.ended(.cardReader, reader, wasReady: false, at: .zero)
        #expect(difference.see([], at: .zero) == [])
        #expect(difference.see([reader], at: .zero) == [.open(.cardReader, reader)])
    }

    @Test("of several devices the preferred one plays the role; while it fails, another does")
    func preference() {
        var difference = Self.difference()
        let preferred = Self.device(0x0B, port: "1-5", product: 2)
        #expect(difference.see([reader, preferred], at: .zero) == [.open(.cardReader, preferred)])
        #expect(
            difference.ended(.cardReader, preferred, wasReady: false, at: .zero) == [.open(.cardReader, reader)])
        // A device that serves is not given up for a better one.
        #expect(difference.wake(at: .seconds(60)) == [])
    }

    @Test("an end that belongs to no session changes nothing")
    func strayEnd() {
        var difference = Self.difference()
        #expect(difference.ended(.cardReader, reader, wasReady: true, at: .zero) == [])
        #expect(difference.see([reader], at: .zero) == [.open(.cardReader, reader)])
    }
}

@Suite("Device selection")
struct DeviceSelectionTests {
    @Test(
        "a USB id is read as lsusb writes it",
        arguments: [
            ("072f:223b", USBID(vendor: 0x072F, product: 0x223B)), ("04B8:0202", USBID(vendor: 0x04B8, product: 0x202)),
            ("0c2e:*", USBID(vendor: 0x0C2E, product: nil)), ("72f:223b", nil), ("072f", nil), ("072f:", nil),
            ("072g:0000", nil), ("072f:00000", nil),
        ] as [(String, USBID?)])
    func ids(_ text: String, _ id: USBID?) {
        #expect(USBID(text) == id)
    }
}
