import Foundation
import KioskConfiguration
import KioskMaterial
import Testing

@Suite("the configuration is checked as a whole")
struct CheckTests {
    @Test("the configuration as it is shipped has no fault")
    func shipped() {
        let (material, faults) = Material.check(House.configuration.appending(path: "kiosk.yaml"))
        #expect(faults.isEmpty)
        #expect(material?.ticket != nil && material?.printers.printers.isEmpty == false)
    }
}

enum House {
    static let configuration = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "kiosk-config")
}
