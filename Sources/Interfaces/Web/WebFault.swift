import HTTPTypes
import HallQueue
import Hummingbird
import NIOCore

/// An error as the API answers it: `{"code", "message", "remedy"}`.
///
/// Counter faults are in Vietnamese, since the counter's page shows them to the staff; the rest is for technicians.
struct WebFault: Error, Equatable, Encodable {
    var status: HTTPResponse.Status
    /// Stable, for programs: `counter-busy`.
    var code: String
    var message: String
    var remedy: String

    private enum CodingKeys: String, CodingKey { case code, message, remedy }

    var response: Response { .json(self, status: status) }
}

extension WebFault {
    init(_ error: CounterError) {
        switch error {
        case .unknownCounter:
            self.init(
                status: .notFound, code: "unknown-counter", message: "Không có quầy này.",
                remedy: "Chọn lại quầy trong danh sách.")
        case .counterBusy:
            self.init(
                status: .conflict, code: "counter-busy", message: "Quầy đang tiếp một người.",
                remedy: "Bấm Hoàn thành hoặc Vắng mặt rồi gọi số tiếp theo.")
        case .nobodyWaits:
            self.init(
                status: .conflict, code: "nobody-waits", message: "Không còn ai chờ.",
                remedy: "Danh sách tự cập nhật khi có người lấy số.")
        case .noTicketAtCounter:
            self.init(
                status: .conflict, code: "no-ticket-at-counter", message: "Quầy chưa gọi số nào.",
                remedy: "Bấm Gọi số tiếp theo.")
        }
    }

    /// Whatever was thrown, as an answer that tells no inner detail.
    init(_ error: any Error) {
        switch error {
        case let fault as WebFault: self = fault
        case let error as CounterError: self.init(error)
        case let error as HTTPError: self.init(error)
        case is NIOTooManyBytesError: self = .bodyTooLarge
        default:
            self.init(
                status: .internalServerError, code: "internal", message: "The kiosk could not do this.",
                remedy: "Try again; if it stays, look into the daemon's log and run `kioskctl doctor`.")
        }
    }

    private init(_ error: HTTPError) {
        switch error.status {
        case .notFound: self = .notFound
        case .contentTooLarge: self = .bodyTooLarge
        default:
            self.init(
                status: error.status, code: "bad-request", message: "The request can't be understood.",
                remedy: "Send what Sources/Interfaces/Web/README.md describes.")
        }
    }

    static let notFound = WebFault(
        status: .notFound, code: "not-found", message: "There is nothing at this address.",
        remedy: "The pages are /, /display and /counter.")

    static let bodyTooLarge = WebFault(
        status: .contentTooLarge, code: "body-too-large", message: "The request's body is longer than 64 KiB.",
        remedy: "Send only the values of the present screen.")

    static let notJSON = WebFault(
        status: .unsupportedMediaType, code: "not-json", message: "The request's body is not declared as JSON.",
        remedy: "Send Content-Type: application/json.")

    static let badAction = WebFault(
        status: .badRequest, code: "bad-action", message: "The body is not a screen action.",
        remedy: "Send {\"revision\": number, \"action\": text, \"value\"?: text, \"values\"?: {name: text}}.")

    static let otherOrigin = WebFault(
        status: .forbidden, code: "other-origin", message: "Another site's page sent this request.",
        remedy: "Use the kiosk's own pages.")

    static let unknownHost = WebFault(
        status: .misdirectedRequest, code: "unknown-host", message: "The kiosk is not known by this name.",
        remedy: "Use its IP address, or add the name to the web settings' host names.")

    static let onlyThisMachine = WebFault(
        status: .forbidden, code: "only-this-machine",
        message: "The touchscreen's page is served to the kiosk's own browser only.",
        remedy: "Open it on the kiosk itself; displays use /display, counters use /counter.")

    static let noScreen = WebFault(
        status: .serviceUnavailable, code: "no-screen", message: "The kiosk has no screen to show yet.",
        remedy: "Wait a moment; if it stays, run `kioskctl doctor`.")
}
