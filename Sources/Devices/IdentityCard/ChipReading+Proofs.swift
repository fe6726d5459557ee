import CardTrust
import Peripherals

extension ChipReading {
    /// By what PACE has given already, else by chip authentication (DG14), else by active authentication (DG15). One proof is
    /// enough: active authentication says no more, and leaves a signature behind that the chip did not have to give.
    mutating func authenticateChip() async throws(CardReadError) {
        if isProvedByMapping() { return }
        let infos = try await securityInfos()
        if isProvedByMapping(infos) {
            proof = .proven(by: Self.mappingName, group: 14)
            return
        }
        var why: [String] = []
        // Each attempt that fails costs a session.
        let choices = infos?.chipAuthenticationChoices ?? []
        for index in 0..<2 {
            guard isGiven(choices, index) else { break }
            switch try await chip.authenticate(choices.indices.contains(index) ? choices[index] : nil) {
            case .done(let name):
                proof = .proven(by: name, group: 14)
                return
            case .forged(let what), .rejected(let what): why.append("\(ChipSession.chipAuthentication): \(what)")
            }
        }
        if try await proveByActiveAuthentication(infos, &why) { return }
        proof = why.isEmpty ? .none("the card has no key in DG14 or DG15") : .failed(why.joined(separator: "; "))
    }

    /// A trace has no key of the chip's, only that there was one.
    private func isGiven(_ choices: [ChipAuthenticationChoice], _ index: Int) -> Bool {
        let question = "key \(index + 1) for \(ChipSession.chipAuthentication)"
        let isSo = chip.conversation.recalled(question) ?? choices.indices.contains(index)
        chip.conversation.note(question, isSo: isSo)
        return isSo
    }

    private mutating func isProvedByMapping() -> Bool {
        let isSo = chip.conversation.recalled(Self.mappingName) ?? proveByMapping()
        chip.conversation.note(Self.mappingName, isSo: isSo)
        return isSo
    }

    private func isProvedByMapping(_ infos: SecurityInfos?) -> Bool {
        let question = Self.mappingName + " by DG14"
        let isSo =
            chip.conversation.recalled(question)
            ?? chip.mapping.flatMap { mapping in infos.map { mapping.proves($0) } } ?? false
        chip.conversation.note(question, isSo: isSo)
        return isSo
    }

    private static let mappingName = "PACE with chip authentication mapping"

    /// EF.CardSecurity vouches for its keys only as far as its own signer is trusted: whoever copies a card can sign one.
    private mutating func proveByMapping() -> Bool {
        guard let mapping = chip.mapping, let file = chip.cardSecurity, let security = try? CardSecurity(file),
            let infos = try? SecurityInfos(security.securityInfos)
        else { return false }
        let vouched = security.verdicts(trust: context.trust, at: context.now(), issued: nil)
        guard vouched.signature.isPassed, vouched.trust.isPassed else { return false }
        proof =
            mapping.proves(infos)
            ? .provenBySigned(by: Self.mappingName)
            : .failed("\(Self.mappingName): the chip does not have the key in EF.CardSecurity")
        return true
    }

    private mutating func securityInfos() async throws(CardReadError) -> SecurityInfos? {
        guard order.mayHave(14), let bytes = try keep(try await chip.read(.dataGroup14), 14) else { return nil }
        return try? SecurityInfos(dataGroup14: bytes)
    }

    private mutating func proveByActiveAuthentication(
        _ infos: SecurityInfos?, _ why: inout [String]
    ) async throws(CardReadError) -> Bool {
        guard order.mayHave(15), let bytes = try keep(try await chip.read(.dataGroup15), 15) else { return false }
        switch try await chip.authenticateActively(dataGroup15: bytes, infos: infos) {
        case .done(let name):
            proof = .proven(by: name, group: 15)
            return true
        case .forged(let what), .rejected(let what):
            why.append("active authentication: \(what)")
            return false
        }
    }
}
