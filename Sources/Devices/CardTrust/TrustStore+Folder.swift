import Foundation

extension TrustStore {
    /// What files are read: others in the folder (a README, say) are none of ours.
    static let fileEndings: Set<String> = ["crt", "cer", "pem", "der", "crl"]
    static let fileLimit = 4096
    static let certificateLimit = 8192
    /// One certificate, or a bundle of some hundreds.
    static let fileSizeLimit = 4 << 20

    /// Reads a folder of certificates and revocation lists, PEM or DER. What can't be used is told in `problems` and left out:
    /// one bad file must not stop a kiosk.
    public init(folder: URL) {
        self.init()
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        } catch {
            note("", "the folder \(folder.path) cannot be read; make it, and fill it with kioskctl trust import")
            return
        }
        let files = names.filter { name in
            !name.hasPrefix(".") && Self.fileEndings.contains(URL(filePath: name).pathExtension.lowercased())
        }.sorted()
        if files.count > Self.fileLimit {
            note("", "the folder has \(files.count) files; only the first \(Self.fileLimit) were read")
        }
        for name in files.prefix(Self.fileLimit) { read(name, in: folder) }
    }

    private mutating func read(_ name: String, in folder: URL) {
        let place = folder.appending(path: name)
        // A pipe, say, would never end.
        guard (try? place.resolvingSymlinksInPath().resourceValues(forKeys: [.isRegularFileKey]))?.isRegularFile == true
        else { return note(name, "not a file") }
        do {
            let isList = name.lowercased().hasSuffix(".crl")
            let limit = isList ? RevocationList.sizeLimit : Self.fileSizeLimit
            let contents = try TrustFile(url: place, sizeLimit: limit)
            if contents.masterList != nil {
                note(name, "a master list must be imported, so that its signature is checked: kioskctl trust import")
            }
            for certificate in contents.certificates {
                guard certificates.count < Self.certificateLimit else {
                    return note(name, "more than \(Self.certificateLimit) certificates")
                }
                add(certificate, file: name)
            }
            for list in contents.revocationLists { add(list, file: name) }
            for problem in contents.problems { note(name, problem) }
        } catch {
            note(name, "\(error)")
        }
    }
}

/// A folder that is read again when it has changed: what `kioskctl trust import` puts there counts for the next card,
/// without a restart.
public actor TrustFolder {
    private let folder: URL
    private var store = TrustStore()
    private var state: [String: [Int]]?

    public init(_ folder: URL) { self.folder = folder }

    /// The folder as it is now. Costs one look at the file names, sizes and times while nothing has changed.
    public func current() -> TrustStore {
        let now = Self.state(of: folder)
        if now != state {
            store = TrustStore(folder: folder)
            state = now
        }
        return store
    }

    /// Size and time of change of each file, in microseconds.
    private static func state(of folder: URL) -> [String: [Int]] {
        let keys: Set<URLResourceKey> = [.fileSizeKey, .contentModificationDateKey]
        let files =
            (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: Array(keys))) ?? []
        var state: [String: [Int]] = [:]
        for file in files.prefix(TrustStore.fileLimit * 2) {
            let values = try? file.resourceValues(forKeys: keys)
            let time = values?.contentModificationDate?.timeIntervalSince1970 ?? 0
            state[file.lastPathComponent] = [values?.fileSize ?? 0, Int(time * 1_000_000)]
        }
        return state
    }
}
