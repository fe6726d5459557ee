import Hummingbird
import NIOCore

/// A page as it goes out, whole or spoiled.
enum PageResponse {
    static func make(_ picture: [UInt8], spoiled: Set<ScannerTrouble>) -> Response {
        var bytes = picture
        if spoiled.contains(.truncated) { bytes = Array(bytes.prefix(bytes.count / 2)) }
        if spoiled.contains(.garbage) { bytes = Array("<html>no picture</html>".utf8) }
        let first = ByteBuffer(bytes: bytes)
        let body = spoiled.contains(.endless) ? endless(first) : ResponseBody(byteBuffer: first)
        return Response(status: .ok, headers: [.contentType: "image/jpeg"], body: body)
    }

    /// Some megabytes a second, for ever.
    private static func endless(_ first: ByteBuffer) -> ResponseBody {
        let more = ByteBuffer(repeating: 0xA5, count: 64 << 10)
        return ResponseBody { writer in
            try await writer.write(first)
            while !Task.isCancelled {
                try await writer.write(more)
                // As slow as a network, so that the host has to stop it, not its memory.
                try await Task.sleep(for: .milliseconds(10))
            }
        }
    }
}
