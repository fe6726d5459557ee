import DocumentScanner
import Peripherals

/// Finds the kiosk's scanner among those that SANE lists, and the same one again under another name.
struct ScannerSearch {
    let selection: ScannerSelection
    /// The scanner that was used last.
    let past: FoundScanner?
    var usb = USBPlace()
    /// `airscan.conf`, which tells where driverless scanners answer.
    var airscan = AirscanConfiguration.text()

    /// The kiosk's scanner when it can be known without SANE's list, which takes seconds with some back ends: it is
    /// named exactly, or stands where it stood the last time.
    func withoutList() throws(ScanError) -> FoundScanner? {
        if let name = selection.name { return try find(named: name) }
        guard let past, past.serial != nil, selection.admits(past) else { return nil }
        let same = FoundScanner(name: past.name, vendor: past.vendor, model: past.model, type: past.type)
        guard let now = complete(same) else { return nil }
        let isSame = now.serial == past.serial && now.port == past.port && now.address == past.address
        return isSame && (now.port != nil || now.address != nil) ? past : nil
    }

    /// - Parameter whileAbsent: hears of the scanners that are there instead, when none is the kiosk's.
    func choose(
        among devices: [FoundScanner], whileAbsent: (FoundScanner) -> Void
    ) throws(ScanError) -> FoundScanner {
        let devices = devices.compactMap(complete)
        guard let device = selection.choose(from: devices, past: past) else {
            devices.prefix(10).forEach(whileAbsent)
            throw .device(.absent)
        }
        return device
    }

    private func find(named name: String) throws(ScanError) -> FoundScanner {
        // `airscan:e0:Scanner` carries the scanner's own name; others, like `libusb:001:007`, carry none.
        let parts = name.split(separator: ":", maxSplits: 2)
        let model = parts.count == 3 && parts[0] == "airscan" ? String(parts[2]) : name
        var device = usb.complete(FoundScanner(name: name, vendor: "", model: model, type: ""))
        device.address = AirscanConfiguration.address(of: name, in: airscan)
        if let serial = selection.serial {
            guard let found = complete(device), found.serial == serial else { throw .device(.absent) }
            device = found
        } else if let past, past.name == name, past.address == device.address, past.port == device.port {
            // Who answers to the name was asked then; the next look at its status asks again.
            device = past
        }
        return device
    }

    /// The scanner with its serial number, port and address, as far as they can be known; nil when nobody answers at
    /// its address. SANE lists all that a configuration names, also what is switched off.
    func complete(_ device: FoundScanner) -> FoundScanner? {
        guard let address = AirscanConfiguration.address(of: device.name, in: airscan) else {
            return usb.complete(device)
        }
        var found = device
        found.address = address
        switch ESCLProbe.identity(at: address) {
        case .known(let capabilities):
            found.serial = capabilities.serial
            if let model = capabilities.model {
                found.vendor = ""
                found.model = model
            }
        case .hidden:
            // It may still be the one that answered there before.
            if let past, past.name == found.name, past.address == address { return past }
        case .nobody: return nil
        }
        return found
    }

    /// Why a scan failed, when libsane only knows that it did.
    ///
    /// A scanner that was pulled out or switched off is an I/O error for libsane, and so is much else; the kernel and
    /// the scanner itself know better.
    func reason(of error: ScanError, from device: FoundScanner) -> ScanError {
        switch error {
        case .device(.fault), .device(.busy), .device(.absent), .failed: break
        case .device, .timedOut, .diskFull, .cancelled: return error
        }
        if usb.isGone(device) == true { return .device(.lost) }
        guard let address = device.address else { return error }
        switch ESCLProbe.condition(at: address) {
        case .absent: return .device(.lost)
        case .jam: return .device(.jam)
        case .doubleFeed: return .device(.doubleFeed)
        case .coverOpen: return .device(.coverOpen)
        case .warmingUp: return .device(.warmingUp)
        case .ready, .unknown, .busy, .feederEmpty, .lost, .accessDenied, .fault: return error
        }
    }
}
