import CardCryptography

extension PACE {
    /// Why a way of PACE is not taken.
    struct Unsupported: Error, Equatable {
        /// For a technician.
        var reason: String
    }

    /// Whether this reader knows the mapping and the domain parameters. `PACEChoices` says why not.
    public static func supports(_ info: PACEInfo) -> Bool { (try? group(for: info, explicit: [])) != nil }

    /// - Parameter explicit: the chip's PACEDomainParameterInfos.
    static func group(
        for info: PACEInfo, explicit: [PACEDomainParameters]
    ) throws(Unsupported) -> KeyAgreementGroup {
        let (mapping, cipher) = (info.algorithm.mapping, info.algorithm.cipher)
        if explicit.contains(where: { $0.mapping == mapping && $0.parameter == info.parameter }) {
            throw Unsupported(
                reason: "explicit domain parameters (PACEDomainParameterInfo) are not taken: nobody vouches for them")
        }
        guard let parameter = info.parameter else { throw Unsupported(reason: "no domain parameters are named") }
        let group: KeyAgreementGroup?
        do { group = try KeyAgreementGroup(standardized: parameter) } catch {
            throw Unsupported(reason: "domain parameters \(parameter): \(error)")
        }
        guard let group else { throw Unsupported(reason: "domain parameters \(parameter) are not standardized") }
        guard group.isElliptic == mapping.isElliptic else {
            throw Unsupported(reason: "domain parameters \(parameter) are of another kind than the mapping")
        }
        if mapping == .ecdhIntegrated, case .curve(let curve) = group, !curve.hasIntegratedMapping {
            throw Unsupported(reason: "domain parameters \(parameter) have no integrated mapping")
        }
        if mapping == .ecdhChipAuthentication, cipher == .tripleDES {
            throw Unsupported(reason: "chip authentication mapping is for AES")
        }
        return group
    }
}
