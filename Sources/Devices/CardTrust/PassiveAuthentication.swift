import Foundation
import Peripherals

/// Passive authentication (ICAO 9303-11, 5.1): whether what was read is what an authority signed.
///
/// ```swift
/// let verdicts = PassiveAuthentication(securityObject).verdicts(groups: [1: dg1, 13: dg13], trust: store, at: now)
/// ```
public struct PassiveAuthentication: Sendable {
    /// The three verdicts, apart: hashes can match a list that nobody signed; a signature can be valid and its signer a stranger.
    /// `trust` never passes without `signature`.
    public struct Verdicts: Sendable, Equatable {
        public var hashes: CardVerdict
        public var signature: CardVerdict
        public var trust: CardVerdict
    }

    private let message: Result<SignedMessage, CardTrustError>
    private let list: Result<SecurityObject, CardTrustError>

    /// - Parameter securityObject: EF.SOD as it was read. Bytes that are no such file give three verdicts that are not reached.
    public init(_ securityObject: [UInt8]) {
        let message = Result { () throws(CardTrustError) in try SecurityObject.message(securityObject) }
        self.message = message
        list = Result { () throws(CardTrustError) in try SecurityObject(content: try message.get().content) }
    }

    /// The list of hashes, whoever signed it.
    public var securityObject: SecurityObject? { try? list.get() }

    /// - Parameters:
    ///   - groups: the data groups as they were read, by number, whole and never re-encoded.
    ///   - issued: the document's date of issue out of these groups; used when the signature names no time, and the hashes vouch
    ///     for the groups.
    public func verdicts(
        groups: [Int: [UInt8]], trust store: TrustStore, at now: Date, issued: Date? = nil
    ) -> Verdicts {
        let hashes = hashes(of: groups)
        let signers: (signature: CardVerdict, trust: CardVerdict)
        do throws(CardTrustError) {
            let result = SignerVerification(
                try message.get(), trust: store, at: now, issued: hashes.isPassed ? issued : nil,
                purpose: .securityObject)
            signers = (result.signature, result.trust)
        } catch {
            signers = (.notReached("EF.SOD: \(error)"), .notReached("EF.SOD: \(error)"))
        }
        return Verdicts(hashes: hashes, signature: signers.signature, trust: signers.trust)
    }

    private func hashes(of groups: [Int: [UInt8]]) -> CardVerdict {
        let list: SecurityObject
        do throws(CardTrustError) { list = try self.list.get() } catch { return .notReached("EF.SOD: \(error)") }
        guard !groups.isEmpty else { return .notReached("no data group was read") }
        let numbers = groups.keys.sorted()
        let unlisted = numbers.filter { list.hashes[$0] == nil }
        guard unlisted.isEmpty else { return .failed("EF.SOD lists no hash for \(Self.names(unlisted))") }
        let wrong = numbers.filter { !list.matches(group: $0, groups[$0] ?? []) }
        guard wrong.isEmpty else { return .failed("\(Self.names(wrong)): not what EF.SOD says") }
        return .passed(by: "\(list.hashFunction.name) of \(Self.names(numbers))")
    }

    private static func names(_ numbers: [Int]) -> String { numbers.map { "DG\($0)" }.joined(separator: ", ") }
}
