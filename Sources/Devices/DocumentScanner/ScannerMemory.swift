import Foundation

/// The scanner that was used last, kept in a small file, so that the same one is found again after a restart.
struct ScannerMemory: Sendable {
    private let file: URL?
    private(set) var scanner: FoundScanner?

    private static let sizeLimit = 16_384

    /// - Parameter file: nil keeps it in memory only. A file that cannot be read counts as none: whatever scanner is
    ///   found then is remembered anew.
    init(_ file: URL?) {
        self.file = file
        guard let file, let handle = try? FileHandle(forReadingFrom: file),
            let data = try? handle.read(upToCount: Self.sizeLimit + 1), data.count <= Self.sizeLimit
        else { return }
        scanner = try? JSONDecoder().decode(FoundScanner.self, from: data)
    }

    /// - Returns: whether it is another one than before, or none was known.
    mutating func remember(_ found: FoundScanner) -> Bool {
        guard found != scanner else { return false }
        let isOther = scanner.map { found.sameness(as: $0) <= .replacement } ?? true
        scanner = found
        if let file, let data = try? JSONEncoder().encode(found) {
            // A disk that takes no file is reported elsewhere; the memory of this process is enough until the restart.
            try? data.write(to: file, options: .atomic)
        }
        return isOther
    }
}
