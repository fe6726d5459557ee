import Foundation

/// One moment, to the second in UTC, as XMP and as the Info dictionary write it (ISO 19005-2, 6.6.3: they must agree).
struct DocumentDate {
    /// ISO 8601.
    let xmp: String
    /// ISO 32000-1, 7.9.4.
    let pdf: String

    init(_ date: Date) {
        xmp = date.formatted(.iso8601)
        pdf = "D:" + xmp.filter { !"-:TZ".contains($0) } + "Z"
    }
}
