import Foundation
import HTTPTypes
import Hummingbird

/// How everything is said in JSON: sorted keys, dates as ISO 8601 in UTC, nothing left out but what is nil.
enum WebJSON {
    static func encode(_ value: some Encodable) throws -> Data {
        let encoder = JSONEncoder()
        encoder.dateEncodingStrategy = .iso8601
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(value)
    }
}

extension Response {
    /// An answer in JSON that no cache keeps.
    static func json(_ value: some Encodable, status: HTTPResponse.Status = .ok) -> Response {
        do {
            let body = ByteBuffer(bytes: try WebJSON.encode(value))
            return Response(
                status: status, headers: [.contentType: "application/json; charset=utf-8", .cacheControl: "no-store"],
                body: ResponseBody(byteBuffer: body))
        } catch {
            // Only a number that is not finite can't be said in JSON: the answer then has no body, and says so.
            return Response(status: .internalServerError, headers: [.cacheControl: "no-store"])
        }
    }
}
