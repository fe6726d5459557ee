/// A value of an IPP attribute, as far as the kiosk looks at it (RFC 8010, 3.5.2).
enum IPPValue: Sendable, Equatable {
    /// integer and enum
    case integers([Int])
    case booleans([Bool])
    /// keyword, uri, name, text, mimeMediaType …
    case texts([String])
    /// no-value, unknown, and what the kiosk has no use for: dates, ranges, collections.
    case other
}

/// The attributes of one group by their names.
struct IPPAttributes: Sendable, Equatable {
    var values: [String: IPPValue] = [:]

    func text(_ name: String) -> String? { texts(name).first }

    func texts(_ name: String) -> [String] {
        if case .texts(let texts) = values[name] { texts } else { [] }
    }

    func integer(_ name: String) -> Int? { integers(name).first }

    func integers(_ name: String) -> [Int] {
        if case .integers(let numbers) = values[name] { numbers } else { [] }
    }

    func flag(_ name: String) -> Bool? {
        if case .booleans(let flags) = values[name] { flags.first } else { nil }
    }
}

/// The answer to a request that the server carried out.
struct IPPAnswer: Sendable, Equatable {
    enum Group: Sendable, Equatable { case operation, printer, job, subscription, event, other }

    var groups: [(Group, IPPAttributes)] = []

    func first(_ group: Group) -> IPPAttributes? { groups.first { $0.0 == group }?.1 }

    func all(_ group: Group) -> [IPPAttributes] { groups.filter { $0.0 == group }.map(\.1) }

    static func == (a: IPPAnswer, b: IPPAnswer) -> Bool {
        a.groups.elementsEqual(b.groups) { $0.0 == $1.0 && $0.1 == $1.1 }
    }
}

/// A request before libcups encodes it.
struct IPPRequest: Sendable {
    /// RFC 8011, 5.4.15, RFC 3996, and CUPS's own.
    enum Operation: UInt32, Sendable {
        case printJob = 0x0002
        case cancelJob = 0x0008
        case getJobAttributes = 0x0009
        case getJobs = 0x000A
        case getPrinterAttributes = 0x000B
        case resumePrinter = 0x0011
        case createPrinterSubscriptions = 0x0016
        case renewSubscription = 0x001A
        case cancelSubscription = 0x001B
        case getNotifications = 0x001C
    }

    enum Group: Sendable { case operation, job, subscription }

    enum Value: Sendable {
        case uri(String)
        case name(String)
        /// The user of this process.
        case user
        case keywords([String])
        case mimeType(String)
        case integers([Int])
        case enumeration(Int)
        case flag(Bool)
    }

    var operation: Operation
    var attributes: [(group: Group, name: String, value: Value)] = []

    /// `charset` and `language` are libcups's to add; the target comes first (RFC 8011, 4.1.5).
    init(_ operation: Operation, of target: String, job: Int? = nil) {
        self.operation = operation
        add("printer-uri", .uri(target))
        if let job { add("job-id", .integers([job])) }
        add("requesting-user-name", .user)
    }

    mutating func add(_ name: String, _ value: Value, to group: Group = .operation) {
        attributes.append((group, name, value))
    }

    func with(_ name: String, _ value: Value, in group: Group = .operation) -> IPPRequest {
        var copy = self
        copy.add(name, value, to: group)
        return copy
    }
}

/// Why a request was not carried out.
enum IPPFault: Error, Sendable, Equatable {
    /// Nobody answers at this address: the request was never sent.
    case unreachable(String)
    /// The answer did not come, or broke off: the request may have been carried out.
    case broken(String)
    /// The server wants another user.
    case denied
    /// There is no such queue, job or subscription.
    case notFound
    /// Any other status of the server (RFC 8011, Appendix B).
    case refused(status: Int, String)
}
