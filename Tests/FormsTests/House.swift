import Foundation
import Peripherals

@testable import Forms

/// Where things are, forms written on the spot, and sessions with a fixed clock.
enum House {
    static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    static let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures")
    static let birthDeclaration = root.appendingPathComponent("kiosk-config/forms/1.001193.xml")

    /// 2026-11-25 03:00 in Viet Nam, still the 24th in UTC.
    static let now = Date(timeIntervalSince1970: 1_795_550_400)
    static let zone = TimeZone(secondsFromGMT: 7 * 3600) ?? .gmt

    static func session(
        _ form: FormDefinition, language: String = "vi", citizen: Citizen? = nil, now: Date = now
    ) -> FormSession {
        FormSession(
            form, language: language, secondary: citizen.map { ["citizen": $0.formValues] } ?? [:], timeZone: zone,
            now: { now }, uuid: { UUID(uuid: (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16)) })
    }

    /// A synthetic person.
    static func citizen(
        sex: String = "Nam", ethnicity: String? = "Kinh", residence: String? = "Số 1, Phố Z, Phường X"
    ) throws -> Citizen {
        guard let birthday = CalendarDate(year: 1990, month: 1, day: 1) else { throw CocoaError(.coderInvalidValue) }
        return Citizen(
            number: "001090123456", fullName: "Nguyễn Văn A", dateOfBirth: birthday, sex: sex, nationality: "Việt Nam",
            ethnicity: ethnicity, placeOfResidence: residence)
    }

    /// A form with the questions `a`, `b`, `c` and the group `g` with `x`, `y`; `a` alone is asked unless said otherwise.
    static func xform(
        binds: String = "", model: String = "", body: String = #"<input ref="/data/a"><label>A</label></input>"#,
        head: String = ""
    ) -> String {
        """
        \(head)<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"
          xmlns:jr="http://openrosa.org/javarosa" xmlns:odk="http://www.opendatakit.org/xforms">
        <h:head><h:title>T</h:title><model>
        <instance><data id="t" version="1"><a/><b/><c/><g><x/><y/></g></data></instance>
        <instance id="list"><root><item><name>one</name><label>One</label><n>1</n></item>
        <item><name>two</name><label>Two</label><n>2</n></item></root></instance>
        <instance id="citizen" src="jr://file/citizen.xml"/>
        \(model)
        \(binds)
        </model></h:head>
        <h:body>\(body)</h:body></h:html>
        """
    }

    static func form(_ text: String) throws -> FormDefinition { try FormDefinition(Data(text.utf8), name: "t.xml") }

    static func faults(of text: String) -> [FormError.Fault] {
        do {
            _ = try form(text)
            return []
        } catch let error as FormError {
            return error.faults
        } catch {
            return []
        }
    }

    /// The text as it stands in an XML attribute.
    static func attribute(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing("\"", with: "&quot;")
    }
}
