/// One question about a card, answered: yes, no, or why nobody knows.
public enum CardVerdict: Sendable, Equatable, Codable {
    /// - Parameter by: the protocol or the authority that proved it, where there is more than one.
    case passed(by: String?)
    /// The text says what is wrong, for the technician; never personal data.
    case failed(String)
    /// The text says why the question has no answer.
    case notReached(String)

    public var isPassed: Bool {
        if case .passed = self { true } else { false }
    }

    public var isFailed: Bool {
        if case .failed = self { true } else { false }
    }
}

/// As `kioskctl card read --json` and dossiers have it: `{"verdict": "passed" | "failed" | "not-reached", "by": …, "why": …}`.
extension CardVerdict {
    private enum Outcome: String, Codable {
        case passed, failed, notReached = "not-reached"
    }

    private enum CodingKeys: CodingKey { case verdict, by, why }

    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        let why = try values.decodeIfPresent(String.self, forKey: .why) ?? ""
        self =
            switch try values.decode(Outcome.self, forKey: .verdict) {
            case .passed: .passed(by: try values.decodeIfPresent(String.self, forKey: .by))
            case .failed: .failed(why)
            case .notReached: .notReached(why)
            }
    }

    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .passed(let by):
            try values.encode(Outcome.passed, forKey: .verdict)
            try values.encodeIfPresent(by, forKey: .by)
        case .failed(let why):
            try values.encode(Outcome.failed, forKey: .verdict)
            try values.encode(why, forKey: .why)
        case .notReached(let why):
            try values.encode(Outcome.notReached, forKey: .verdict)
            try values.encode(why, forKey: .why)
        }
    }
}

/// What was proved about a card (ICAO 9303-11, 5 and 6). The four are kept apart: each can hold without the next.
public struct CardVerdicts: Sendable, Equatable, Codable {
    public enum Kind: String, Sendable, Codable, CaseIterable {
        case hashes, signature, trust, chip
    }

    /// Every data group read has the hash that the security object lists for it.
    public var hashes: CardVerdict
    /// The security object's signature is valid under its signer's certificate.
    public var signature: CardVerdict
    /// The signer is vouched for by an authority of the trust store, was valid when it signed, and is not revoked.
    public var trust: CardVerdict
    /// The chip holds the private key that belongs to a signed public key: it is no copy. `by` names the protocol.
    public var chip: CardVerdict

    public init(hashes: CardVerdict, signature: CardVerdict, trust: CardVerdict, chip: CardVerdict) {
        self.hashes = hashes
        self.signature = signature
        self.trust = trust
        self.chip = chip
    }

    /// Nothing was asked yet.
    public static func notReached(_ why: String) -> CardVerdicts {
        CardVerdicts(
            hashes: .notReached(why), signature: .notReached(why), trust: .notReached(why), chip: .notReached(why))
    }

    public subscript(_ kind: Kind) -> CardVerdict {
        get {
            switch kind {
            case .hashes: hashes
            case .signature: signature
            case .trust: trust
            case .chip: chip
            }
        }
        set {
            switch kind {
            case .hashes: hashes = newValue
            case .signature: signature = newValue
            case .trust: trust = newValue
            case .chip: chip = newValue
            }
        }
    }

    /// Those of `needs` that did not pass, in the order of `Kind`.
    public func missing(of needs: Set<Kind>) -> [Kind] {
        Kind.allCases.filter { needs.contains($0) && !self[$0].isPassed }
    }
}
