import Peripherals

/// What the chip proved with its private key, before anybody asked whose key it is.
enum ChipProof: Equatable {
    case none(String)
    /// - Parameter group: the data group that holds the public key.
    case proven(by: String, group: Int)
    /// By a key of EF.CardSecurity, which has a signature of its own, by a trusted signer.
    case provenBySigned(by: String)
    case failed(String)

    /// A proof by a key that nobody vouches for says nothing: a copy brings its own key (ICAO 9303-11, 6.1 and 6.2).
    ///
    /// - Parameters:
    ///   - matches: whether a group is what the security object lists; nil when the group or the list is missing.
    ///   - signature: whether the security object is signed.
    func verdict(matches: (Int) -> Bool?, signature: CardVerdict) -> CardVerdict {
        switch self {
        case .none(let why): return .notReached(why)
        case .failed(let why): return .failed(why)
        case .provenBySigned(let name): return .passed(by: name)
        case .proven(let name, let group):
            switch (matches(group), signature) {
            case (false?, _): return .failed("\(name): DG\(group) is not what EF.SOD says")
            case (nil, _): return .notReached("\(name): EF.SOD does not vouch for DG\(group)")
            case (true?, .passed): return .passed(by: name)
            case (true?, .failed): return .failed("\(name): DG\(group) is listed by an EF.SOD with a wrong signature")
            case (true?, .notReached(let why)):
                return .notReached("\(name): nobody vouches for DG\(group): \(why)")
            }
        }
    }
}
