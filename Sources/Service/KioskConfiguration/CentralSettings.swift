import Foundation

/// The central system that dossiers are sent to.
public struct CentralSettings: Sendable, Equatable {
    public var url: URL
    /// The kiosk's name at the centre.
    public var kiosk: String
    /// The centre's public key (X25519, PEM) that dossiers are sealed to.
    public var sealingKey: URL
    /// The centre's public key (Ed25519, PEM) that signs receipts.
    public var receiptKey: URL
    /// The kiosk's own private key (Ed25519, PEM), which signs what it sends; made on first start.
    public var kioskKey: URL
    public var tls: TLS?
    public var retry: Retry

    /// The client certificate, for a centre that asks for one, and who vouches for the centre.
    public struct TLS: Sendable, Equatable {
        public var certificate: URL?
        public var key: URL?
        /// Certificates that may vouch for the centre; nil trusts the system's.
        public var ca: URL?
    }

    /// The wait after a failure doubles from `first` to `longest`.
    public struct Retry: Sendable, Equatable {
        public var first: Duration
        public var longest: Duration
    }

    init(_ section: inout YAMLSection) throws(YAMLFault) {
        let text = try section.string("url")
        guard let url = URL(string: text), let scheme = url.scheme, ["http", "https"].contains(scheme), url.host != nil
        else { throw section.fault("url", "is not an address", remedy: "Write https://HOST[:PORT]") }
        self.url = url
        kiosk = try section.string("kiosk", or: "kiosk-1")
        guard kiosk.wholeMatch(of: /[A-Za-z0-9._-]{1,64}/) != nil else {
            throw section.fault("kiosk", "is not a plain name", remedy: "Use 1 to 64 of A–Z a–z 0–9 . _ -")
        }
        (sealingKey, receiptKey, kioskKey) = try section.section("keys") { keys throws(YAMLFault) in
            (
                try keys.path("sealing", or: "keys/central-sealing.pem"),
                try keys.path("receipt", or: "keys/central-receipt.pem"),
                try keys.path("kiosk", or: "keys/kiosk.pem")
            )
        }
        tls = try section.optionalSection("tls") { tls throws(YAMLFault) in
            let settings = TLS(
                certificate: try tls.optionalPath("certificate"), key: try tls.optionalPath("key"),
                ca: try tls.optionalPath("ca"))
            guard (settings.certificate == nil) == (settings.key == nil) else {
                throw tls.fault(
                    settings.key == nil ? "certificate" : "key", "stands alone",
                    remedy: "Give both certificate and key, or neither")
            }
            return settings
        }
        if tls != nil, url.scheme != "https" {
            throw section.fault("tls", "is set for an address without TLS", remedy: "Write https:// in url")
        }
        retry = try section.section("retry") { retry throws(YAMLFault) in
            let settings = Retry(
                first: try retry.seconds("firstSeconds", in: 1...3600, or: 2),
                longest: try retry.seconds("longestSeconds", in: 1...86_400, or: 300))
            guard settings.first <= settings.longest else {
                throw retry.fault(
                    "longestSeconds", "is less than firstSeconds", remedy: "Make it at least as long")
            }
            return settings
        }
    }
}
