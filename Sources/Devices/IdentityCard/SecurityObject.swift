import CardTrust

/// EF.SOD's list of hashes; the room `CardTrust` reads it and says who signed it.
public typealias SecurityObject = CardTrust.SecurityObject

extension SecurityObject {
    public typealias Failure = CardTrustError

    /// Whether a file, as it was read, has the hash that the list names for it.
    public func matches(_ file: ElementaryFile, _ bytes: [UInt8]) -> Bool {
        file.dataGroupNumber.map { matches(group: $0, bytes) } ?? false
    }
}
