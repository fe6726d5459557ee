import Foundation
import Peripherals

@testable import Forms

/// Where things are, and sessions with a fixed clock.
enum House {
    static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    static let birthDeclaration = root.appendingPathComponent("kiosk-config/forms/1.001193.xml")
    /// 2026-11-25 03:00 in Viet Nam, still the 24th in UTC.
    static let now = Date(timeIntervalSince1970: 1_795_550_400)
    static let zone = TimeZone(secondsFromGMT: 7 * 3600) ?? .gmt

    static func session(_ form: FormDefinition, language: String = "vi", citizen: Citizen? = nil) -> FormSession {
        FormSession(
            form, language: language, secondary: citizen.map { ["citizen": $0.formValues] } ?? [:], timeZone: zone,
            now: { now }, uuid: { UUID(uuid: (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16)) })
    }
}
