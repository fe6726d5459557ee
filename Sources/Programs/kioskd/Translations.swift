import BarcodeReader
import CentralSync
import DeviceManager
import DocumentScanner
import Foundation
import HallQueue
import IdentityCard
import Journey
import KioskConfiguration
import KioskMaterial
import Logging
import Peripherals
import SmartCard
import TicketPrinter
import USB

// What the configuration says, in the words of each room.

extension HallConfiguration {
    init(_ settings: KioskSettings) {
        self.init(
            hall: settings.hall.id, title: settings.hall.name.text("vi"),
            classes: settings.queue.classes.map {
                QueueClass(
                    id: $0.id, name: $0.label.text("vi"), series: $0.series, rate: $0.weight, isPriority: $0.isPriority)
            },
            counters: settings.queue.counters.map {
                Counter(number: $0.number, label: $0.label, reservedFor: $0.prefers.first)
            },
            cap: PriorityCap(
                calls: settings.queue.priorityCap.calls,
                ordinaryWaitSeconds: settings.queue.priorityCap.ordinaryWait / .seconds(1)),
            rollMetres: settings.ticket.rollMetres)
    }
}

extension JourneyContext {
    init(_ material: Material) {
        let settings = material.settings
        self.init(
            hallName: settings.hall.name, locales: material.locales, catalogue: material.catalogue,
            forms: material.forms,
            priorityClasses: settings.queue.classes.filter { $0.isPriority && ($0.byDeclaration || $0.fromAge != nil) }
                .map { PriorityClass(id: $0.id, label: $0.label, icon: $0.icon, minimumAge: $0.fromAge) },
            identity: settings.identity.policy, timeZone: settings.timeZone, idleTimeout: settings.journey.idleTimeout,
            idleWarning: settings.journey.idleWarning, recoveryTime: settings.journey.recovery, clock: { Date() },
            problemWithQR: CardReadError.ofQR)
    }
}

extension CardReadError {
    /// What is wrong with a text that should be the QR code of an identity card; nil when it is one.
    fileprivate static let ofQR: @Sendable (String) -> CardReadError? = { text in
        do throws(IdentityCardQR.Failure) {
            _ = try IdentityCardQR(text)
            return nil
        } catch {
            switch error {
            case .notAnIdentityCard: return .notAnIdentityCardQR
            case .healthInsurance: return .healthInsuranceQR
            }
        }
    }
}

extension BusSettings {
    /// The bus is connected, or libusb started, at the first use.
    func makeBus(logger: Logger) -> any USBBus {
        switch self {
        case .libusb: LibUSBBus(logger: logger)
        case .usbip(let host, let port): USBIPBus(host: host, port: port, logger: logger)
        }
    }
}

extension ScannerSetup {
    /// - Parameter memory: where the scanner that was used last is remembered.
    init(_ settings: ScannerSettings, memory: URL) {
        self.init(
            program: settings.program, saneConfig: settings.saneConfig,
            device: ScannerSelection(
                name: settings.device, vendor: settings.vendor, model: settings.model, serial: settings.serial,
                port: settings.port),
            memory: memory,
            settings: ScanSettings(
                source: settings.source, mode: settings.mode, paper: settings.paper, resolution: settings.resolution,
                maximumPages: settings.maximumPages, options: settings.options))
    }
}

extension DeviceSelection {
    init(_ settings: DeviceSettings) {
        self.init(
            cardReader: DeviceSelector(settings.cardReader), barcodeReader: DeviceSelector(settings.barcodeReader),
            ticketPrinter: DeviceSelector(settings.ticketPrinter))
    }
}

extension DeviceSelector {
    init(_ selection: DeviceSettings.Selection?) {
        self.init(
            ids: selection?.vendor.map { [USBID(vendor: $0, product: selection?.product)] } ?? [],
            serial: selection?.serial, port: selection?.port)
    }
}

extension ReaderBook {
    /// What the driver must know of a reader before it asks it anything.
    var profile: @Sendable (USBDeviceInfo) -> CCIDReaderProfile {
        { device in CCIDReaderProfile(quirks(vendor: device.vendor, product: device.product)) }
    }
}

extension CCIDReaderProfile {
    init(_ quirks: ReaderBook.Quirks) {
        self = .standard
        interface = quirks.interface
        slot = quirks.slot
        level =
            switch quirks.level {
            case .short: .shortAPDU
            case .extended: .extendedAPDU
            case nil: nil
            }
        maximumMessageLength = quirks.messageBytes
        needsPolling = quirks.polling
        firstAnswerMs = quirks.firstAnswerMs ?? firstAnswerMs
        pollIntervalMs = quirks.pollIntervalMs ?? pollIntervalMs
        patienceMs = quirks.patienceMs ?? patienceMs
        removalGraceMs = quirks.removalGraceMs ?? removalGraceMs
    }
}

extension BarcodeReaderProfile {
    init(_ data: BarcodeReaderData, _ info: USBDeviceInfo) {
        guard let entry = data.entry(vendor: info.vendor, product: info.product) else {
            self = .standard
            return
        }
        let layout = entry.layout
        self.init(
            layout: HIDPOSLayout(
                length: layout.length, identifier: layout.identifier, data: layout.data, continued: layout.continued),
            needsEnabling: entry.needsEnabling)
    }
}

extension Backoff {
    init(_ retry: CentralSettings.Retry) {
        self.init(first: retry.first, limit: retry.longest)
    }
}

extension Material {
    /// Makes the driver of a ticket printer, which knows the template and what is written of its make.
    /// - Parameter mayHangOut: whether a paper of the process before may hang out of the printer.
    func printerDriver(mayHangOut: Bool) -> @Sendable (any USBDevice, Logger) -> ESCPOSPrinter {
        let template = ticket?.template ?? .standard
        let lookup = printers.lookup
        return {
            ESCPOSPrinter(
                $0, lookup: lookup, template: template, past: PrinterMemory(mayHangOut: mayHangOut), logger: $1)
        }
    }
}

extension PrinterBook {
    /// What a printer can do, by its USB id, and by its IEEE 1284 id once that is known.
    var lookup: PrinterLookup {
        { device, id in
            PrinterCapabilities(
                abilities(
                    vendor: device.vendor, product: device.product, manufacturer: id?.manufacturer, model: id?.model))
        }
    }
}

extension PrinterCapabilities {
    init(_ abilities: PrinterBook.Abilities) {
        self.init(
            paper: PaperWidth(dots: abilities.dots, dotsPerInch: abilities.dotsPerInch),
            bandHeight: abilities.bandHeight, bandBytes: abilities.bandBytes, cut: Cut(abilities.cut),
            proof: Proof(abilities.proof), automaticStatus: abilities.automaticStatus,
            hasNearEndSensor: abilities.nearEndSensor)
    }
}

extension PrinterCapabilities.Cut {
    init(_ cut: PrinterBook.Cut) {
        switch cut {
        case .none: self = .none
        case .partial: self = .partial
        case .full: self = .full
        }
    }
}

extension PrinterCapabilities.Proof {
    init(_ proof: PrinterBook.Proof) {
        switch proof {
        case .fence: self = .fence
        case .status: self = .status
        case .idle: self = .idle
        case .none: self = .none
        case .learn: self = .learn
        }
    }
}
