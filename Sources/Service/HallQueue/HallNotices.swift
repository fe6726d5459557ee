import Foundation
import Peripherals

/// What the staff read at their counters, in Vietnamese as the counter pages are.
extension HallDay {
    /// How long the staff are told of the paper of a void number.
    static let strayPaperSeconds = 3600.0

    func notices(at now: Date, startedAt: Date, printer: PrinterCondition?) -> [String] {
        var notices: [String] = []
        if let printer, !printer.isReady { notices.append("Máy in phiếu \(printer.inWords). \(printer.staffRemedy)") }
        if let left = few(printer: printer) { notices.append(left) }
        notices += unproved(at: now, startedAt: startedAt).map { ticket in
            "Số \(ticket.label): \(ticket.paper.inWords). Hãy hỏi ai đang giữ số này, rồi xác nhận hoặc hủy số."
        }
        notices += tickets.filter { ticket in
            ticket.strayPaperAt.map { now.timeIntervalSince($0) < Self.strayPaperSeconds } ?? false
        }.map { "Số \($0.label) đã hủy, nhưng phiếu có thể vừa in ra. Nếu thấy phiếu, xin thu lại." }
        return notices
    }

    private func few(printer: PrinterCondition?) -> String? {
        let left = roll.left(rollMetres: configuration.rollMetres, printer: printer)
        guard printer != .paperOut, left.isNearEnd || (left.tickets ?? .max) <= configuration.fewTickets else {
            return nil
        }
        let count = left.tickets.map { ", còn đủ cho khoảng \($0) số" } ?? ""
        return "Giấy in phiếu sắp hết\(count). Xin chuẩn bị cuộn mới."
    }
}

extension TicketPaper {
    fileprivate var inWords: String {
        let reason = condition.map { " (máy in \($0.inWords))" } ?? ""
        switch state {
        case .refused where !mayBeOnPaper: return "phiếu chưa in\(condition == .unknown ? "" : reason)"
        case .refused, .failed: return "phiếu có thể chưa in ra\(condition == .unknown ? "" : reason)"
        case .transmitted: return "máy in không báo được phiếu đã in ra hay chưa"
        case .printed: return "phiếu vừa in ra, khi người lấy số đã rời máy"
        case .reserved, .sending, .awaitingProof: return "chưa biết phiếu đã in ra hay chưa"
        }
    }
}

extension PrinterCondition {
    /// After "Máy in phiếu".
    fileprivate var inWords: String {
        switch self {
        case .ready: "đã sẵn sàng"
        case .paperNearEnd: "sắp hết giấy"
        case .unknown: "chưa trả lời"
        case .absent: "chưa được nối"
        case .busy: "đang bị chương trình khác dùng"
        case .accessDenied: "chưa được phép dùng"
        case .paperOut: "hết giấy"
        case .coverOpen: "đang mở nắp"
        case .cutterJam: "bị kẹt dao cắt"
        case .overheated: "đang quá nóng"
        case .offline: "chưa sẵn sàng"
        case .queueStopped: "đang tạm dừng"
        case .noService: "chưa dùng được"
        case .fault: "gặp lỗi"
        }
    }

    fileprivate var staffRemedy: String {
        switch self {
        case .ready, .paperNearEnd: ""
        case .paperOut: "Xin thay cuộn giấy (mặt in ra ngoài) rồi đóng nắp."
        case .coverOpen: "Xin đóng nắp cho đến khi nghe tiếng tách."
        case .cutterJam: "Xin mở nắp, gỡ giấy kẹt ở dao cắt rồi đóng nắp."
        case .overheated: "Xin chờ vài phút cho đầu in nguội."
        case .offline: "Xin bấm nút FEED; nếu vẫn vậy, tắt rồi bật lại máy in."
        case .absent: "Xin bật máy in và kiểm tra cáp USB."
        case .unknown, .fault: "Nếu vẫn vậy sau một phút, xin tắt rồi bật lại máy in."
        case .busy, .accessDenied, .queueStopped, .noService: "Xin gọi kỹ thuật viên."
        }
    }
}
