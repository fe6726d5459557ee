import CCUPS
import Foundation

/// Asks an IPP server by libcups: one connection a request, so that nothing sticks to the next. Blocks: call it on a
/// thread that may wait.
struct IPPConnection {
    var host: String
    var port: Int
    var resource: String
    var isEncrypted = false
    /// For the connection, and for each silence within an answer.
    var deadline: Duration

    /// Answers that are longer are cut: nothing that the kiosk asks for is.
    private static let attributeLimit = 4096
    private static let valueLimit = 256
    /// MFD_CLOEXEC of linux/memfd.h.
    private static let memoryFileClosesOnExec: UInt32 = 1

    init(_ server: CUPSServer, deadline: Duration) {
        host = server.host
        port = server.port
        resource = "/"
        self.deadline = deadline
    }

    /// - Returns: nil when the address is not of an IPP printer (`ipp://` or `ipps://`).
    init?(device uri: String, deadline: Duration) {
        var scheme = [CChar](repeating: 0, count: 32)
        var user = [CChar](repeating: 0, count: 256)
        var host = [CChar](repeating: 0, count: 256)
        var resource = [CChar](repeating: 0, count: 1024)
        var port: Int32 = 0
        let status = httpSeparateURI(
            HTTP_URI_CODING_ALL, uri, &scheme, 32, &user, 256, &host, 256, &port, &resource, 1024)
        let name = Self.text(scheme)
        guard status.rawValue >= HTTP_URI_STATUS_OK.rawValue, name == "ipp" || name == "ipps" else { return nil }
        self.host = Self.text(host)
        self.port = Int(port)
        self.resource = Self.text(resource)
        isEncrypted = name == "ipps"
        self.deadline = deadline
    }

    /// - Parameter document: sent after the request.
    func ask(_ request: IPPRequest, resource: String? = nil, document: Data? = nil) throws(IPPFault) -> IPPAnswer {
        // Never ask a terminal for a password.
        cupsSetPasswordCB2({ _, _, _, _, _ in nil }, nil)
        let connection = try connect()
        defer { httpClose(connection) }
        guard let message = encode(request) else { throw .unreachable("no memory") }
        let file = try document.map { data throws(IPPFault) in try Self.memoryFile(data) } ?? -1
        defer { if file >= 0 { close(file) } }
        // Frees the message.
        let answer = cupsDoIORequest(connection, message, resource ?? self.resource, file, -1)
        defer { if let answer { ippDelete(answer) } }
        try Self.check(cupsLastError())
        guard let answer else { throw .broken(Self.lastMessage) }
        return Self.decode(answer)
    }

    private func connect() throws(IPPFault) -> OpaquePointer {
        let milliseconds = Int32(max(1, deadline / .milliseconds(1)))
        let encryption = isEncrypted ? HTTP_ENCRYPTION_ALWAYS : HTTP_ENCRYPTION_IF_REQUESTED
        guard let connection = httpConnect2(host, Int32(port), nil, AF_UNSPEC, encryption, 1, milliseconds, nil) else {
            throw .unreachable(Self.lastMessage)
        }
        // The callback's 0 ends the wait.
        httpSetTimeout(connection, deadline / .seconds(1), { _, _ in 0 }, nil)
        return connection
    }

    private static func check(_ status: ipp_status_t) throws(IPPFault) {
        switch status.rawValue {
        case ..<0x0100: return
        case IPP_STATUS_ERROR_NOT_FOUND.rawValue, IPP_STATUS_ERROR_GONE.rawValue: throw .notFound
        case IPP_STATUS_ERROR_FORBIDDEN.rawValue, IPP_STATUS_ERROR_NOT_AUTHENTICATED.rawValue,
            IPP_STATUS_ERROR_NOT_AUTHORIZED.rawValue, IPP_STATUS_ERROR_CUPS_AUTHENTICATION_CANCELED.rawValue:
            throw .denied
        // What libcups says itself when there was no answer.
        case IPP_STATUS_ERROR_SERVICE_UNAVAILABLE.rawValue, IPP_STATUS_ERROR_INTERNAL.rawValue,
            IPP_STATUS_ERROR_DEVICE.rawValue:
            throw .broken(lastMessage)
        default: throw .refused(status: Int(status.rawValue), lastMessage)
        }
    }

    private static var lastMessage: String { cupsLastErrorString().map { String(cString: $0) } ?? "no answer" }

    /// libcups sends files, and reads them again when it has to authenticate: this one is in memory only.
    private static func memoryFile(_ data: Data) throws(IPPFault) -> Int32 {
        let file = memfd_create("document", memoryFileClosesOnExec)
        guard file >= 0 else { throw .unreachable("no memory for the document") }
        let isWritten = data.withUnsafeBytes { bytes in
            var done = 0
            while done < bytes.count {
                let count = write(file, bytes.baseAddress?.advanced(by: done), bytes.count - done)
                guard count > 0 || errno == EINTR else { return false }
                done += max(0, count)
            }
            return true
        }
        guard isWritten, lseek(file, 0, SEEK_SET) == 0 else {
            close(file)
            throw .unreachable("no memory for the document")
        }
        return file
    }

    private static func text(_ characters: [CChar]) -> String {
        String(decoding: characters.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    // MARK: Messages

    private func encode(_ request: IPPRequest) -> OpaquePointer? {
        guard let message = ippNewRequest(ipp_op_t(rawValue: Int32(request.operation.rawValue))) else { return nil }
        for (group, name, value) in request.attributes { Self.add(value, name, group.tag, to: message) }
        return message
    }

    private static func add(_ value: IPPRequest.Value, _ name: String, _ group: ipp_tag_t, to message: OpaquePointer) {
        switch value {
        case .uri(let text): ippAddString(message, group, IPP_TAG_URI, name, nil, text)
        case .user: ippAddString(message, group, IPP_TAG_NAME, name, nil, cupsUser())
        case .name(let text): ippAddString(message, group, IPP_TAG_NAME, name, nil, text)
        case .mimeType(let text): ippAddString(message, group, IPP_TAG_MIMETYPE, name, nil, text)
        case .keywords(let texts):
            var attribute: OpaquePointer?
            for (index, text) in texts.enumerated() {
                if index == 0 {
                    attribute = ippAddString(message, group, IPP_TAG_KEYWORD, name, nil, text)
                } else {
                    ippSetString(message, &attribute, Int32(index), text)
                }
            }
        case .integers(let numbers):
            let numbers = numbers.map { Int32(clamping: $0) }
            ippAddIntegers(message, group, IPP_TAG_INTEGER, name, Int32(numbers.count), numbers)
        case .enumeration(let number): ippAddInteger(message, group, IPP_TAG_ENUM, name, Int32(clamping: number))
        case .flag(let flag): ippAddBoolean(message, group, name, flag ? 1 : 0)
        }
    }

    private static func decode(_ message: OpaquePointer) -> IPPAnswer {
        var answer = IPPAnswer()
        var isNewGroup = true
        var attribute = ippFirstAttribute(message)
        var count = 0
        while let current = attribute, count < attributeLimit {
            count += 1
            // A nameless attribute parts two groups.
            if let name = ippGetName(current) {
                let group = IPPAnswer.Group(ippGetGroupTag(current))
                if isNewGroup || answer.groups.last?.0 != group { answer.groups.append((group, IPPAttributes())) }
                isNewGroup = false
                answer.groups[answer.groups.count - 1].1.values[String(cString: name)] = value(of: current)
            } else {
                isNewGroup = true
            }
            attribute = ippNextAttribute(message)
        }
        return answer
    }

    private static func value(of attribute: OpaquePointer) -> IPPValue {
        let indices = 0..<Int32(min(Int(ippGetCount(attribute)), valueLimit))
        switch ippGetValueTag(attribute) {
        case IPP_TAG_INTEGER, IPP_TAG_ENUM: return .integers(indices.map { Int(ippGetInteger(attribute, $0)) })
        case IPP_TAG_BOOLEAN: return .booleans(indices.map { ippGetBoolean(attribute, $0) != 0 })
        case IPP_TAG_KEYWORD, IPP_TAG_URI, IPP_TAG_NAME, IPP_TAG_NAMELANG, IPP_TAG_TEXT, IPP_TAG_TEXTLANG,
            IPP_TAG_MIMETYPE, IPP_TAG_CHARSET, IPP_TAG_LANGUAGE:
            return .texts(indices.compactMap { ippGetString(attribute, $0, nil).map { String(cString: $0) } })
        default: return .other
        }
    }
}

extension IPPRequest.Group {
    fileprivate var tag: ipp_tag_t {
        switch self {
        case .operation: IPP_TAG_OPERATION
        case .job: IPP_TAG_JOB
        case .subscription: IPP_TAG_SUBSCRIPTION
        }
    }
}

extension IPPAnswer.Group {
    fileprivate init(_ tag: ipp_tag_t) {
        switch tag {
        case IPP_TAG_OPERATION: self = .operation
        case IPP_TAG_PRINTER: self = .printer
        case IPP_TAG_JOB: self = .job
        case IPP_TAG_SUBSCRIPTION: self = .subscription
        case IPP_TAG_EVENT_NOTIFICATION: self = .event
        default: self = .other
        }
    }
}
