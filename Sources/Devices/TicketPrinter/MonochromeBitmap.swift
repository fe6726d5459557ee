import CPangoCairo

/// A picture of black and white dots, as a thermal print head takes it.
public struct MonochromeBitmap: Sendable, Equatable {
    /// Dots.
    public let width: Int
    /// Dots.
    public let height: Int
    /// Rows from the top, each `bytesPerRow` long, the leftmost dot in the most significant bit, 1 is black. Bits beyond
    /// `width` are 0.
    public let bytes: [UInt8]

    public var bytesPerRow: Int { (width + 7) / 8 }

    /// - Returns: nil when `bytes` is not exactly `height` rows.
    public init?(width: Int, height: Int, bytes: [UInt8]) {
        guard width > 0, height > 0, bytes.count == (width + 7) / 8 * height else { return nil }
        self.width = width
        self.height = height
        self.bytes = bytes
    }

    /// Whether the dot is black; white outside the picture.
    public func isBlack(x: Int, y: Int) -> Bool {
        guard (0..<width).contains(x), (0..<height).contains(y) else { return false }
        return bytes[y * bytesPerRow + x / 8] & (0x80 >> UInt8(x % 8)) != 0
    }

    /// One row, `bytesPerRow` long.
    public func row(_ y: Int) -> ArraySlice<UInt8> { bytes[y * bytesPerRow..<(y + 1) * bytesPerRow] }

    /// The picture as a grey PNG file that holds black and white only.
    public func png() throws(TicketDrawingError) -> [UInt8] {
        // Cairo writes an opaque bit of A1 as white.
        let mask = try DotMask(self, isInverted: true)
        let surface = mask.surface
        let sink = Sink()
        let status = cairo_surface_write_to_png_stream(
            surface,
            { closure, bytes, count in
                guard let closure, let bytes else { return CAIRO_STATUS_WRITE_ERROR }
                let sink = Unmanaged<Sink>.fromOpaque(closure).takeUnretainedValue()
                sink.bytes.append(contentsOf: UnsafeBufferPointer(start: bytes, count: Int(count)))
                return CAIRO_STATUS_SUCCESS
            }, Unmanaged.passUnretained(sink).toOpaque())
        guard status == CAIRO_STATUS_SUCCESS else { throw .cairo("writing a PNG: status \(status.rawValue)") }
        return sink.bytes
    }

    private final class Sink {
        var bytes: [UInt8] = []
    }
}

/// A picture's dots as a cairo A1 surface, to be drawn through.
final class DotMask {
    let surface: OpaquePointer
    let width: Int
    let height: Int

    init(_ bitmap: MonochromeBitmap, isInverted: Bool = false) throws(TicketDrawingError) {
        (width, height) = (bitmap.width, bitmap.height)
        guard let surface = cairo_image_surface_create(CAIRO_FORMAT_A1, Int32(width), Int32(height)) else {
            throw .cairo("no surface")
        }
        self.surface = surface
        guard cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS, let data = cairo_image_surface_get_data(surface)
        else { throw .cairo("a surface of \(width) × \(height) dots") }
        let stride = Int(cairo_image_surface_get_stride(surface))
        for y in 0..<height {
            for (x, byte) in bitmap.row(y).enumerated() {
                data[y * stride + x] = DotOrder.swapped(isInverted ? ~byte : byte)
            }
        }
        cairo_surface_mark_dirty(surface)
    }

    deinit { cairo_surface_destroy(surface) }
}

/// The order of the dots in a byte of a cairo A1 surface: it follows the machine's byte order.
enum DotOrder {
    /// From cairo's order to the leftmost dot in the most significant bit, or back.
    static func swapped(_ byte: UInt8) -> UInt8 { table[Int(byte)] }

    static let table: [UInt8] = (0...UInt8.max).map { byte in
        #if _endian(little)
            mirrored(byte)
        #else
            byte
        #endif
    }

    private static func mirrored(_ byte: UInt8) -> UInt8 {
        var b = byte
        b = (b & 0xF0) >> 4 | (b & 0x0F) << 4
        b = (b & 0xCC) >> 2 | (b & 0x33) << 2
        return (b & 0xAA) >> 1 | (b & 0x55) << 1
    }
}
