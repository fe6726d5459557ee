import CPangoCairo
import CTurboJPEG

/// Draws a sheet as a scanner's lamp and sensor see it: turned a little, on a dark bed, with noise, uneven light, and
/// a speck of dust on the glass.
public struct PaperRenderer: Sendable {
    /// The same seed gives the same picture, bit for bit, on one machine.
    public var seed: UInt64
    /// How far sheets may be turned, in degrees to either side.
    public var skew: Double

    public init(seed: UInt64 = 1, skew: Double = 1.2) {
        self.seed = seed
        self.skew = skew
    }

    /// The picture as JPEG.
    ///
    /// - Parameter position: the sheet's place in the batch; each lies a little differently.
    public func jpeg(_ sheet: PaperSheet, position: Int, area: ScanArea) throws -> [UInt8] {
        let (width, height) = area.pixels
        guard let surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, Int32(width), Int32(height)),
            cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS, let context = cairo_create(surface)
        else { throw PaperError.noMemory }
        defer {
            cairo_destroy(context)
            cairo_surface_destroy(surface)
        }
        var random = PaperRandom(seed: seed &* 1_000_003 &+ UInt64(position))
        drawBed(context, area)
        drawSheet(sheet, context, area, &random)
        if let flaw = sheet.flaw { Self.spoil(flaw, surface, context, area) }
        drawSensor(context, area, &random)
        cairo_surface_flush(surface)
        return try Self.compress(surface, area)
    }

    private func drawBed(_ context: OpaquePointer, _ area: ScanArea) {
        cairo_set_source_rgb(context, 0.115, 0.115, 0.125)
        cairo_paint(context)
    }

    private func drawSheet(
        _ sheet: PaperSheet, _ context: OpaquePointer, _ area: ScanArea, _ random: inout PaperRandom
    ) {
        let size = sheet.size
        cairo_save(context)
        cairo_scale(context, Double(area.resolution) / 25.4, Double(area.resolution) / 25.4)
        cairo_translate(context, -area.x - (sheet.flaw == .cutOff ? 38 : 0), -area.y)
        cairo_translate(
            context, size.width / 2 + random.value(in: -0.9...0.9), size.height / 2 + random.value(in: 0.3...1.6))
        // A turn that nobody sees tests nothing: at least a third of the limit.
        let turn = random.value(in: skew / 3...max(skew, skew / 3)) * (Bool.random(using: &random) ? 1 : -1)
        cairo_rotate(context, turn * .pi / 180 + (sheet.flaw == .upsideDown ? .pi : 0))
        cairo_translate(context, -size.width / 2, -size.height / 2)
        let canvas = PaperCanvas(context: context)
        // The sheet's thickness throws a soft shadow on the bed.
        for step in 0..<5 {
            let grow = Double(step) * 0.22
            canvas.fill(
                Ink(red: 0, green: 0, blue: 0, alpha: 0.22), x: -grow, y: -grow, width: size.width + 2 * grow,
                height: size.height + 2 * grow)
        }
        canvas.fill(
            .paper, x: 0.4, y: 0.4, width: size.width - 0.8,
            height: size.height - 0.8)
        drawFold(canvas, at: size.height / 2 + random.value(in: -2...2), width: size.width)
        sheet.draw(on: canvas, random: &random)
        cairo_restore(context)
    }

    /// What is wrong with the light or the lens; where the sheet lies wrong, it was drawn so.
    private static func spoil(
        _ flaw: PaperFlaw, _ surface: OpaquePointer, _ context: OpaquePointer, _ area: ScanArea
    ) {
        let (width, height) = area.pixels
        switch flaw {
        case .upsideDown, .cutOff: break
        case .dark:
            cairo_set_source_rgba(context, 0, 0, 0, 0.78)
            cairo_paint(context)
        case .blurred: blur(surface, context, area)
        case .glare:
            let (x, y) = (Double(width) * 0.55, Double(height) * 0.42)
            let light = cairo_pattern_create_radial(x, y, 0, x, y, Double(width) * 0.42)
            cairo_pattern_add_color_stop_rgba(light, 0, 1, 1, 1, 1)
            cairo_pattern_add_color_stop_rgba(light, 0.55, 1, 1, 1, 0.97)
            cairo_pattern_add_color_stop_rgba(light, 1, 1, 1, 1, 0)
            cairo_set_source(context, light)
            cairo_paint(context)
            cairo_pattern_destroy(light)
        }
    }

    /// Made small and large again: strokes of less than a millimetre run into each other.
    private static func blur(_ surface: OpaquePointer, _ context: OpaquePointer, _ area: ScanArea) {
        let (width, height) = area.pixels
        let factor = max(1.5, Double(area.resolution) / 25.4 * 0.9)
        func small(_ side: Int) -> Int32 { Int32((Double(side) / factor).rounded(.up)) }
        guard let tiny = cairo_image_surface_create(CAIRO_FORMAT_RGB24, small(width), small(height)),
            let pen = cairo_create(tiny)
        else { return }
        defer {
            cairo_destroy(pen)
            cairo_surface_destroy(tiny)
        }
        cairo_scale(pen, 1 / factor, 1 / factor)
        cairo_set_source_surface(pen, surface, 0, 0)
        cairo_pattern_set_filter(cairo_get_source(pen), CAIRO_FILTER_GOOD)
        cairo_paint(pen)
        cairo_surface_flush(tiny)
        cairo_save(context)
        cairo_scale(context, factor, factor)
        cairo_set_source_surface(context, tiny, 0, 0)
        cairo_pattern_set_filter(cairo_get_source(context), CAIRO_FILTER_BILINEAR)
        cairo_pattern_set_extend(cairo_get_source(context), CAIRO_EXTEND_PAD)
        cairo_paint(context)
        cairo_restore(context)
    }

    /// Papers come out of an envelope: a fold across the middle catches the light.
    private func drawFold(_ canvas: PaperCanvas, at y: Double, width: Double) {
        for (offset, grey, alpha) in [(-0.9, 0.55, 0.05), (-0.3, 0.45, 0.10), (0.1, 1.0, 0.5), (0.5, 0.5, 0.06)] {
            canvas.fill(
                Ink(red: grey, green: grey, blue: grey, alpha: alpha), x: 0.4, y: y + offset, width: width - 0.8,
                height: 0.5)
        }
    }

    private func drawSensor(_ context: OpaquePointer, _ area: ScanArea, _ random: inout PaperRandom) {
        let (width, height) = area.pixels
        // Light falls off towards the ends of the lamp.
        let light = cairo_pattern_create_linear(0, 0, Double(width), 0)
        cairo_pattern_add_color_stop_rgba(light, 0, 0, 0, 0.02, 0.08)
        cairo_pattern_add_color_stop_rgba(light, 0.12, 0, 0, 0, 0)
        cairo_pattern_add_color_stop_rgba(light, 0.85, 0, 0, 0, 0)
        cairo_pattern_add_color_stop_rgba(light, 1, 0.02, 0.01, 0, 0.06)
        cairo_set_source(context, light)
        cairo_paint(context)
        cairo_pattern_destroy(light)

        // Dust on the feeder's glass: a thin streak down the whole page.
        let dust = random.value(in: 0.2...0.8) * Double(width)
        cairo_set_source_rgba(context, 0.35, 0.36, 0.4, 0.16)
        cairo_rectangle(context, dust.rounded(), 0, max(1, Double(area.resolution) / 150), Double(height))
        cairo_fill(context)

        drawNoise(context, &random)
    }

    private func drawNoise(_ context: OpaquePointer, _ random: inout PaperRandom) {
        let side: Int32 = 256
        guard let tile = cairo_image_surface_create(CAIRO_FORMAT_RGB24, side, side),
            let bytes = cairo_image_surface_get_data(tile)
        else { return }
        let count = Int(cairo_image_surface_get_stride(tile)) * Int(side)
        cairo_surface_flush(tile)
        var offset = 0
        while offset + 8 <= count {
            var bits = random.next()
            for index in 0..<8 {
                bytes[offset + index] = UInt8(truncatingIfNeeded: bits)
                bits >>= 8
            }
            offset += 8
        }
        cairo_surface_mark_dirty(tile)
        let pattern = cairo_pattern_create_for_surface(tile)
        cairo_pattern_set_extend(pattern, CAIRO_EXTEND_REPEAT)
        cairo_pattern_set_filter(pattern, CAIRO_FILTER_NEAREST)
        cairo_set_source(context, pattern)
        cairo_paint_with_alpha(context, 0.045)
        cairo_pattern_destroy(pattern)
        cairo_surface_destroy(tile)
    }

    private static func compress(_ surface: OpaquePointer, _ area: ScanArea) throws -> [UInt8] {
        guard let pixels = cairo_image_surface_get_data(surface), let encoder = tjInitCompress() else {
            throw PaperError.noMemory
        }
        defer { tjDestroy(encoder) }
        var jpeg: UnsafeMutablePointer<UInt8>?
        var size: UInt = 0
        defer { tjFree(jpeg) }
        let (width, height) = area.pixels
        let subsampling = area.isColour ? TJSAMP_444 : TJSAMP_GRAY
        let status = tjCompress2(
            encoder, pixels, Int32(width), cairo_image_surface_get_stride(surface), Int32(height),
            Int32(TJPF_BGRX.rawValue), &jpeg, &size, Int32(subsampling.rawValue), 90, 0)
        guard status == 0, let jpeg else { throw PaperError.noMemory }
        return [UInt8](UnsafeBufferPointer(start: jpeg, count: Int(size)))
    }
}

public enum PaperError: Error, Sendable, Equatable {
    /// Cairo or libjpeg-turbo got no memory for the picture.
    case noMemory
}

/// The part of the scanner's bed that is read.
public struct ScanArea: Sendable, Hashable {
    /// Millimetres from the bed's corner.
    public var x: Double
    public var y: Double
    public var width: Double
    public var height: Double
    /// Dots per inch.
    public var resolution: Int
    public var isColour: Bool

    public init(
        x: Double = 0, y: Double = 0, width: Double = 210, height: Double = 297, resolution: Int = 300,
        isColour: Bool = true
    ) {
        self.x = x
        self.y = y
        self.width = width
        self.height = height
        self.resolution = resolution
        self.isColour = isColour
    }

    /// ISO 216, millimetres.
    static let a4 = (width: 210.0, height: 297.0)

    /// Other sides than were ordered.
    var halved: ScanArea {
        ScanArea(
            x: x, y: y, width: width / 2, height: height / 2, resolution: resolution, isColour: isColour)
    }

    var pixels: (width: Int, height: Int) {
        let scale = Double(resolution) / 25.4
        return (max(1, Int((width * scale).rounded())), max(1, Int((height * scale).rounded())))
    }
}
