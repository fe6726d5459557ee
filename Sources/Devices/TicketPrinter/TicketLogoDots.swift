import CPangoCairo
import Peripherals

/// A logo as dots: scaled to the paper, then dithered. Only pictures are dithered, never text.
enum TicketLogoDots {
    /// Sides of a picture that are believed before it is decoded.
    static let mostPixels = 4000

    /// - Parameters: the room that it may take, in dots. It keeps its shape and is never made larger than twice its size.
    static func draw(_ logo: TicketLogo, width: Int, height: Int) throws(TicketDrawingError) -> MonochromeBitmap {
        let picture = try Picture(logo)
        let scale = min(2, Double(width) / Double(picture.width), Double(height) / Double(picture.height))
        let (columns, rows) = (
            max(1, Int((Double(picture.width) * scale).rounded())),
            max(1, Int((Double(picture.height) * scale).rounded()))
        )
        let greys = try picture.greys(width: columns, height: rows)
        guard
            let bitmap = MonochromeBitmap(
                width: columns, height: rows, bytes: dithered(greys, width: columns, height: rows))
        else { throw .cairo("rows of the wrong length") }
        return bitmap
    }

    /// Error diffusion after Floyd and Steinberg. Greys are taken as they are stored, not as light: thermal dots run
    /// wider than they should, which darkens the picture again by about as much.
    static func dithered(_ greys: [UInt8], width: Int, height: Int) -> [UInt8] {
        let bytesPerRow = (width + 7) / 8
        var bytes = [UInt8](repeating: 0, count: bytesPerRow * height)
        // Errors in sixteenths, with one cell of edge on either side.
        var (here, below) = ([Int](repeating: 0, count: width + 2), [Int](repeating: 0, count: width + 2))
        for y in 0..<height {
            for x in 0..<width {
                let wanted = Int(greys[y * width + x]) * 16 + here[x + 1]
                let isBlack = wanted < 128 * 16
                if isBlack { bytes[y * bytesPerRow + x / 8] |= 0x80 >> UInt8(x % 8) }
                let error = (wanted - (isBlack ? 0 : 255 * 16)) / 16
                here[x + 2] += error * 7
                below[x] += error * 3
                below[x + 1] += error * 5
                below[x + 2] += error
            }
            here = below
            below = [Int](repeating: 0, count: width + 2)
        }
        return bytes
    }

    /// A decoded PNG.
    private struct Picture: ~Copyable {
        private let surface: OpaquePointer
        let width: Int
        let height: Int

        init(_ logo: TicketLogo) throws(TicketDrawingError) {
            guard let (width, height) = Self.size(ofPNG: logo.png) else { throw .logo("it is no PNG file") }
            guard (1...mostPixels).contains(width), (1...mostPixels).contains(height) else {
                throw .logo("it has more than \(mostPixels) dots on a side")
            }
            let source = Source(logo.png)
            let surface = cairo_image_surface_create_from_png_stream(
                { closure, into, count in
                    guard let closure, let into else { return CAIRO_STATUS_READ_ERROR }
                    return Unmanaged<Source>.fromOpaque(closure).takeUnretainedValue().read(into, Int(count))
                }, Unmanaged.passUnretained(source).toOpaque())
            guard let surface else { throw .logo("it can't be decoded") }
            guard cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS else {
                cairo_surface_destroy(surface)
                throw .logo("it can't be decoded")
            }
            self.surface = surface
            self.width = Int(cairo_image_surface_get_width(surface))
            self.height = Int(cairo_image_surface_get_height(surface))
        }

        deinit { cairo_surface_destroy(surface) }

        /// What the header chunk says (PNG, 11.2.2), so that a picture is bounded before it is decoded.
        private static func size(ofPNG bytes: [UInt8]) -> (Int, Int)? {
            guard bytes.count > 24, bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]),
                bytes[12..<16].elementsEqual("IHDR".utf8)
            else { return nil }
            func number(_ at: Int) -> Int { bytes[at..<at + 4].reduce(0) { $0 << 8 | Int($1) } }
            return (number(16), number(20))
        }

        /// On white, scaled; 0 is black, 255 white.
        func greys(width: Int, height: Int) throws(TicketDrawingError) -> [UInt8] {
            guard let canvas = cairo_image_surface_create(CAIRO_FORMAT_RGB24, Int32(width), Int32(height)),
                let cairo = cairo_create(canvas)
            else { throw .cairo("no surface") }
            defer {
                cairo_destroy(cairo)
                cairo_surface_destroy(canvas)
            }
            cairo_set_source_rgb(cairo, 1, 1, 1)
            cairo_paint(cairo)
            cairo_scale(cairo, Double(width) / Double(self.width), Double(height) / Double(self.height))
            cairo_set_source_surface(cairo, surface, 0, 0)
            cairo_pattern_set_filter(cairo_get_source(cairo), CAIRO_FILTER_BEST)
            cairo_pattern_set_extend(cairo_get_source(cairo), CAIRO_EXTEND_PAD)
            cairo_paint(cairo)
            cairo_surface_flush(canvas)
            guard cairo_status(cairo) == CAIRO_STATUS_SUCCESS, let data = cairo_image_surface_get_data(canvas) else {
                throw .cairo("status \(cairo_status(cairo).rawValue)")
            }
            let stride = Int(cairo_image_surface_get_stride(canvas))
            var greys: [UInt8] = []
            greys.reserveCapacity(width * height)
            for y in 0..<height {
                let row = UnsafeMutableRawPointer(data + y * stride).assumingMemoryBound(to: UInt32.self)
                for x in 0..<width {
                    let (r, g, b) = (row[x] >> 16 & 0xFF, row[x] >> 8 & 0xFF, row[x] & 0xFF)
                    // ITU-R BT.601's weights, in thousandths.
                    greys.append(UInt8((299 * r + 587 * g + 114 * b) / 1000))
                }
            }
            return greys
        }
    }

    private final class Source {
        private let bytes: [UInt8]
        private var at = 0

        init(_ bytes: [UInt8]) { self.bytes = bytes }

        func read(_ into: UnsafeMutablePointer<UInt8>, _ count: Int) -> cairo_status_t {
            guard count <= bytes.count - at else { return CAIRO_STATUS_READ_ERROR }
            for index in 0..<count { into[index] = bytes[at + index] }
            at += count
            return CAIRO_STATUS_SUCCESS
        }
    }
}
