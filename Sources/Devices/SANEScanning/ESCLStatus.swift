import Peripherals

/// What a driverless scanner says about itself (`GET /eSCL/ScannerStatus`, Mopria eSCL Specification 2.97, 9.1).
///
/// libsane has no call that asks for a condition without pulling paper; this does it for eSCL scanners.
struct ESCLStatus: Equatable {
    /// `pwg:State`: Idle, Processing, Testing, Stopped, Down.
    var state: String?
    /// `scan:AdfState`: for example ScannerAdfLoaded, ScannerAdfEmpty, ScannerAdfJam.
    var feeder: String?

    static let lengthLimit = 65_536

    /// - Returns: nil when the bytes are no ScannerStatus document.
    init?(xml: [UInt8]) {
        guard let texts = ESCLDocument.texts(xml, root: "ScannerStatus", limit: Self.lengthLimit) else { return nil }
        state = texts["State"]
        feeder = texts["AdfState"]
    }

    var condition: ScannerCondition {
        switch feeder {
        case "ScannerAdfJam", "ScannerAdfMispick": return .jam
        case "ScannerAdfMultipickDetected": return .doubleFeed
        case "ScannerAdfHatchOpen", "ScannerAdfDoorOpen", "ScannerAdfInputTrayFailed": return .coverOpen
        default: break
        }
        switch state {
        case "Idle": return feeder == "ScannerAdfEmpty" ? .feederEmpty : .ready
        case "Processing": return .busy
        case "Testing": return .warmingUp
        case "Stopped", "Down": return .fault
        default: return .unknown
        }
    }
}
