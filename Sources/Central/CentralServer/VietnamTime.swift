import Foundation

/// Dates as people in Viet Nam write them: UTC+7 all year.
enum VietnamTime {
    private static func parts(_ date: Date) -> DateComponents {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = TimeZone(secondsFromGMT: 7 * 3600) ?? .gmt
        return calendar.dateComponents([.year, .month, .day, .hour, .minute], from: date)
    }

    private static func two(_ number: Int?) -> String {
        let number = number ?? 0
        return number < 10 ? "0\(number)" : "\(number)"
    }

    /// `yyMMdd`.
    static func compactDate(_ date: Date) -> String {
        let parts = parts(date)
        return two((parts.year ?? 0) % 100) + two(parts.month) + two(parts.day)
    }

    /// `14:05, 24/11/2026`.
    static func text(_ date: Date) -> String {
        let parts = parts(date)
        return "\(two(parts.hour)):\(two(parts.minute)), \(two(parts.day))/\(two(parts.month))/\(parts.year ?? 0)"
    }

    /// For `<time datetime>`.
    static func machine(_ date: Date) -> String {
        let parts = parts(date)
        return "\(parts.year ?? 0)-\(two(parts.month))-\(two(parts.day))T\(two(parts.hour)):\(two(parts.minute))+07:00"
    }
}
