import Foundation
import HostSystem

/// How the kiosk's scanner is reached.
public struct ScannerSetup: Sendable {
    /// The `kiosk-scan` program; by default the one beside the running program.
    public var program: URL
    /// What SANE reads instead of `/etc/sane.d`; nil for the system's own.
    public var saneConfig: URL?
    public var device: ScannerSelection
    /// A small file in which the scanner that was used last is remembered over restarts; nil for none.
    public var memory: URL?
    public var settings: ScanSettings
    public var limits: ScanLimits
    /// How long an answer about the condition is good for; a scan in between makes it void at once.
    public var statusLifetime: Duration

    public init(
        program: URL? = nil, saneConfig: URL? = nil, device: ScannerSelection = .first,
        memory: URL? = nil, settings: ScanSettings = ScanSettings(), limits: ScanLimits = ScanLimits(),
        statusLifetime: Duration = .seconds(2)
    ) {
        self.program = program ?? ThisProgram.neighbour("kiosk-scan")
        self.saneConfig = saneConfig
        self.device = device
        self.memory = memory
        self.settings = settings
        self.limits = limits
        self.statusLifetime = statusLifetime
    }

    /// A driverless scanner at a fixed address. Writes SANE's configuration for it and for nothing else, and names it
    /// exactly, so that nothing is searched for: a scanner that is switched off is absent after milliseconds.
    ///
    /// - Parameters:
    ///   - escl: for example `http://127.0.0.1:8520/eSCL`.
    ///   - saneConfig: a folder that this kiosk owns; made when it is missing.
    ///   - name: what technicians read.
    public static func driverless(
        escl: String, saneConfig: URL, name: String = "Scanner", program: URL? = nil,
        settings: ScanSettings = ScanSettings(), limits: ScanLimits = ScanLimits(),
        statusLifetime: Duration = .seconds(2)
    ) throws(SANEConfigurationError) -> ScannerSetup {
        try SANEConfiguration.write(to: saneConfig, airscan: [(name: name, url: escl)])
        // sane-airscan numbers the scanners of its file from 0; "e" stands for eSCL.
        return ScannerSetup(
            program: program, saneConfig: saneConfig, device: ScannerSelection(name: "airscan:e0:\(name)"),
            settings: settings, limits: limits, statusLifetime: statusLifetime)
    }
}
