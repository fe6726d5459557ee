import Foundation
import Peripherals

/// Brings what a person typed into the form that the instance holds.
enum AnswerReader {
    static let maximumText = 1000
    static let maximumLongText = 10_000

    /// NFC, no characters that XML cannot hold, no blanks around it, no line breaks outside of long texts.
    static func clean(_ text: String, isLong: Bool) -> String {
        let allowed = text.unicodeScalars.filter { scalar in
            switch scalar.value {
            case 0x9, 0xA: true
            case 0..<0x20, 0x7F, 0xFFFE, 0xFFFF: false
            default: true
            }
        }
        var clean = String(String.UnicodeScalarView(allowed)).precomposedStringWithCanonicalMapping.trimmed
        if !isLong { clean = clean.replacing("\n", with: " ") }
        return clean
    }

    /// - Returns: the value for the instance, or what is wrong with it. An empty text is always fine.
    static func value(_ text: String, _ type: FormBind.ValueType, isLong: Bool) -> Result<String, Refusal> {
        guard !text.isEmpty else { return .success("") }
        guard text.count <= (isLong ? maximumLongText : maximumText) else { return .failure(.init(kind: .tooLong)) }
        switch type {
        case .string, .boolean, .dateTime: return .success(text)
        case .int:
            guard text.wholeMatch(of: /-?\d{1,15}/) != nil, let number = Int(text) else {
                return .failure(.init(kind: .notAnInteger))
            }
            return .success(String(number))
        case .decimal:
            let point = text.replacing(",", with: ".")
            guard point.wholeMatch(of: /-?\d{1,15}(\.\d{1,15})?/) != nil else {
                return .failure(.init(kind: .notADecimal))
            }
            return .success(point)
        case .date:
            guard let date = date(text) else { return .failure(.init(kind: .notADate)) }
            return .success(date.description)
        }
    }

    struct Refusal: Error {
        var kind: FormProblem.Kind
    }

    /// ISO, or the day first as people here write it.
    private static func date(_ text: String) -> CalendarDate? {
        if let match = text.wholeMatch(of: /(\d{1,2})[\/.-](\d{1,2})[\/.-](\d{4})/),
            let day = Int(match.output.1), let month = Int(match.output.2), let year = Int(match.output.3)
        {
            return CalendarDate(year: year, month: month, day: day)
        }
        return CalendarDate(iso: text)
    }
}
