import CardCryptography

/// One way of PACE to try.
public struct PACEChoice: Sendable, Hashable {
    public var info: PACEInfo
    /// MSE:Set AT must name the domain parameters (tag 84), because the chip has more than one set for PACE (ICAO
    /// 9303-11, 4.4.4.1). Some chips want the tag although the standard does not: try again with it.
    public var mustNameParameter: Bool

    public init(info: PACEInfo, mustNameParameter: Bool = false) {
        self.info = info
        self.mustNameParameter = mustNameParameter
    }
}

/// What a chip offers, sorted into what this reader takes, best first, and what it refuses.
///
/// The order: AES before 3DES; groups of at least 112 bits of strength before weaker ones; then chip authentication mapping,
/// because it proves the chip genuine on the way and spares another protocol; curves before primes, because a chip
/// computes them faster; generic before integrated mapping, because more chips were tested with it; the longer key; the larger group;
/// at last the order of the file.
public struct PACEChoices: Sendable, Equatable {
    public struct Refusal: Sendable, Equatable {
        public var info: PACEInfo
        /// For a technician.
        public var reason: String
    }

    public private(set) var taken: [PACEChoice] = []
    public private(set) var refused: [Refusal] = []

    public init(_ infos: SecurityInfos) {
        var ranked: [(rank: [Int], choice: PACEChoice)] = []
        let isAmbiguous = Set(infos.pace.map(\.parameter)).count > 1
        for (index, info) in infos.pace.enumerated() {
            do {
                let group = try PACE.group(for: info, explicit: infos.paceDomainParameters)
                let choice = PACEChoice(info: info, mustNameParameter: isAmbiguous)
                ranked.append((Self.rank(info, group) + [index], choice))
            } catch {
                refused.append(Refusal(info: info, reason: error.reason))
            }
        }
        taken = ranked.sorted { $0.rank.lexicographicallyPrecedes($1.rank) }.map(\.choice)
    }

    /// Smaller comes first.
    private static func rank(_ info: PACEInfo, _ group: KeyAgreementGroup) -> [Int] {
        let mappings: [PACEAlgorithm.Mapping] = [
            .ecdhChipAuthentication, .ecdhGeneric, .ecdhIntegrated, .dhGeneric, .dhIntegrated,
        ]
        let cipher = info.algorithm.cipher
        return [
            cipher == .tripleDES ? 1 : 0, group.strength < 112 ? 1 : 0,
            mappings.firstIndex(of: info.algorithm.mapping) ?? mappings.count, -cipher.keyLength, -group.strength,
        ]
    }
}
