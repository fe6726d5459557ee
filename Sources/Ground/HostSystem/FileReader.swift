import Foundation

/// Reads a file in pieces. Blocks; call it on a ``FileQueue``.
public struct FileReader: ~Copyable {
    private let descriptor: Int32
    private let place: URL
    /// Its size when it was opened.
    public let byteCount: Int

    /// - Throws: ``FileFault``; only a regular file is opened.
    public init(_ place: URL) throws {
        self.place = place
        descriptor = open(place.path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileFault(errno, "open", place) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw FileFault(EINVAL, "open", place)
        }
        byteCount = Int(status.st_size)
    }

    deinit { close(descriptor) }

    /// At most `count` bytes from `offset`; fewer only at the end.
    public func read(at offset: Int, count: Int) throws -> Data {
        var bytes = Data(count: count)
        let filled = try bytes.withUnsafeMutableBytes { buffer in
            var filled = 0
            while filled < buffer.count {
                let got = pread(
                    descriptor, buffer.baseAddress.map { $0 + filled }, buffer.count - filled, off_t(offset + filled))
                if got < 0 {
                    if errno == EINTR { continue }
                    throw FileFault(errno, "read", place)
                }
                if got == 0 { break }
                filled += got
            }
            return filled
        }
        return filled == count ? bytes : Data(bytes.prefix(filled))
    }

    /// The whole file, in pieces.
    public func forEach(pieceBytes: Int = 256 * 1024, _ body: (Data) throws -> Void) throws {
        var offset = 0
        while true {
            let piece = try read(at: offset, count: pieceBytes)
            if piece.isEmpty { return }
            try body(piece)
            offset += piece.count
        }
    }
}
