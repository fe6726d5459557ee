import Foundation

/// The central system that dossiers are sent to.
public struct CentralSettings: Sendable, Equatable {
    public var url: URL
    /// What the centre gave this kiosk: who it is, its secret, and the centre's public keys, in one JSON file.
    public var enrolment: URL
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
        enrolment = try section.path("enrolment", or: "enrolment.json")
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
