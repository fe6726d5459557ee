import CPangoCairo
import CTurboJPEG
import Simulator

/// Draws papers as a scanner sees them.
struct CorpusScanner {
    var conditions: CorpusConditions

    private var dotsPerMillimetre: Double { Double(conditions.resolution) / 25.4 }
    private var size: (width: Int, height: Int) {
        (
            Int((conditions.frame.width * dotsPerMillimetre).rounded()),
            Int((conditions.frame.height * dotsPerMillimetre).rounded())
        )
    }

    /// From millimetres of the upright paper to pixels of the picture.
    private var placement: cairo_matrix_t {
        var matrix = cairo_matrix_t()
        cairo_matrix_init_scale(&matrix, dotsPerMillimetre, dotsPerMillimetre)
        cairo_matrix_translate(
            &matrix, conditions.frame.width / 2 + conditions.offset.x, conditions.frame.height / 2 + conditions.offset.y
        )
        cairo_matrix_rotate(&matrix, conditions.angle * .pi / 180)
        // Whole quarter turns exactly.
        var turn = cairo_matrix_t()
        switch conditions.quarterTurns & 3 {
        case 1: cairo_matrix_init(&turn, 0, 1, -1, 0, 0, 0)
        case 2: cairo_matrix_init(&turn, -1, 0, 0, -1, 0, 0)
        case 3: cairo_matrix_init(&turn, 0, -1, 1, 0, 0, 0)
        default: cairo_matrix_init_identity(&turn)
        }
        var result = cairo_matrix_t()
        cairo_matrix_multiply(&result, &turn, &matrix)
        cairo_matrix_translate(&result, -conditions.paper.width / 2, -conditions.paper.height / 2)
        return result
    }

    var corners: [CorpusTruth.Point] {
        var matrix = placement
        let (width, height) = conditions.paper
        return [(0, 0), (width, 0), (width, height), (0, height)].map { x, y in
            var (x, y) = (x, y)
            cairo_matrix_transform_point(&matrix, &x, &y)
            return CorpusTruth.Point(x: x, y: y)
        }
    }

    func scan(_ draw: (PaperCanvas, inout PaperRandom) -> Void) throws -> (jpeg: [UInt8], width: Int, height: Int) {
        let (width, height) = size
        let surface = try Surface(width: width, height: height)
        var random = PaperRandom(seed: conditions.seed)
        if conditions.blur > 0 {
            try drawBlurred(surface, draw, &random)
        } else {
            drawBed(surface.context)
            drawPaper(surface.context, draw, &random)
        }
        drawSensor(surface.context, &random)
        if conditions.isPadded { drawPadding(surface.context) }
        return (try surface.jpeg(isColour: conditions.isColour, quality: conditions.quality), width, height)
    }

    /// Drawn small, then enlarged: as soft as a lens out of focus.
    private func drawBlurred(
        _ surface: Surface, _ draw: (PaperCanvas, inout PaperRandom) -> Void, _ random: inout PaperRandom
    ) throws {
        let factor = min(1, 1 / (conditions.blur * dotsPerMillimetre))
        let small = try Surface(
            width: Int(Double(surface.width) * factor) + 1, height: Int(Double(surface.height) * factor) + 1)
        cairo_scale(small.context, factor, factor)
        drawBed(small.context)
        drawPaper(small.context, draw, &random)
        cairo_save(surface.context)
        cairo_scale(surface.context, 1 / factor, 1 / factor)
        cairo_set_source_surface(surface.context, small.surface, 0, 0)
        cairo_pattern_set_filter(cairo_get_source(surface.context), CAIRO_FILTER_BILINEAR)
        cairo_pattern_set_extend(cairo_get_source(surface.context), CAIRO_EXTEND_PAD)
        cairo_paint(surface.context)
        cairo_restore(surface.context)
    }

    private func drawPadding(_ context: OpaquePointer) {
        let (width, height) = (Double(size.width), Double(size.height))
        cairo_set_source_rgb(context, 1, 1, 1)
        cairo_rectangle(context, width - 1, 0, 1, height)
        cairo_rectangle(context, 0, height - 1, width, 1)
        cairo_fill(context)
    }

    private func drawBed(_ context: OpaquePointer) {
        switch conditions.bed {
        case .dark: cairo_set_source_rgb(context, 0.115, 0.115, 0.125)
        case .white: cairo_set_source_rgb(context, 0.90, 0.905, 0.91)
        }
        cairo_paint(context)
    }

    private func drawPaper(
        _ context: OpaquePointer, _ draw: (PaperCanvas, inout PaperRandom) -> Void, _ random: inout PaperRandom
    ) {
        cairo_save(context)
        var matrix = placement
        cairo_transform(context, &matrix)
        let canvas = PaperCanvas(context: context)
        if let second = conditions.secondSheet {
            cairo_save(context)
            cairo_translate(context, second.x, second.y)
            drawSheet(canvas)
            cairo_restore(context)
        }
        drawSheet(canvas)
        let (width, height) = conditions.paper
        cairo_rectangle(context, 0, 0, width, height)
        cairo_clip(context)
        if conditions.hasFold { drawFold(canvas, at: height / 2 + random.value(in: -2...2)) }
        draw(canvas, &random)
        for _ in 0..<conditions.specks {
            canvas.circle(
                Ink(red: 0.3, green: 0.3, blue: 0.28, alpha: random.value(in: 0.3...0.9)),
                x: random.value(in: 0...width), y: random.value(in: 0...height), radius: random.value(in: 0.04...0.16))
        }
        cairo_restore(context)
    }

    /// The sheet's thickness throws a soft shadow on the bed.
    private func drawSheet(_ canvas: PaperCanvas) {
        let (width, height) = conditions.paper
        for step in 0..<5 {
            let grow = Double(step) * 0.22
            canvas.fill(
                Ink(red: 0, green: 0, blue: 0, alpha: conditions.bed == .dark ? 0.22 : 0.06), x: -grow, y: -grow,
                width: width + 2 * grow, height: height + 2 * grow)
        }
        let colour = conditions.paperColour
        canvas.fill(
            Ink(red: colour.red, green: colour.green, blue: colour.blue), x: 0, y: 0, width: width, height: height)
    }

    private func drawFold(_ canvas: PaperCanvas, at y: Double) {
        for (offset, grey, alpha) in [(-0.9, 0.55, 0.05), (-0.3, 0.45, 0.10), (0.1, 1.0, 0.5), (0.5, 0.5, 0.06)] {
            canvas.fill(
                Ink(red: grey, green: grey, blue: grey, alpha: alpha), x: 0, y: y + offset,
                width: conditions.paper.width, height: 0.5)
        }
    }

    private func drawSensor(_ context: OpaquePointer, _ random: inout PaperRandom) {
        let (width, height) = (Double(size.width), Double(size.height))
        drawFallOff(context, width, height)
        if conditions.hasStreak {
            // Dust on the feeder's glass: a thin streak down the whole page.
            let dust = random.value(in: 0.2...0.8) * width
            cairo_set_source_rgba(context, 0.35, 0.36, 0.4, 0.16)
            cairo_rectangle(context, dust.rounded(), 0, max(1, Double(conditions.resolution) / 150), height)
            cairo_fill(context)
        }
        if conditions.exposure < 1 {
            cairo_set_source_rgba(context, 0, 0, 0, 1 - conditions.exposure)
            cairo_paint(context)
        }
        drawNoise(context, &random)
        if let glare = conditions.glare { drawGlare(context, glare) }
    }

    /// Light that glossy paper throws back: whiter than the paper, and what is printed below is gone.
    private func drawGlare(_ context: OpaquePointer, _ glare: (x: Double, y: Double, radius: Double)) {
        let (x, y) = (glare.x * dotsPerMillimetre, glare.y * dotsPerMillimetre)
        let spot = cairo_pattern_create_radial(x, y, 0, x, y, glare.radius * dotsPerMillimetre)
        cairo_pattern_add_color_stop_rgba(spot, 0, 1, 1, 1, 1)
        cairo_pattern_add_color_stop_rgba(spot, 0.75, 1, 1, 1, 1)
        cairo_pattern_add_color_stop_rgba(spot, 1, 1, 1, 1, 0)
        cairo_set_source(context, spot)
        cairo_paint(context)
        cairo_pattern_destroy(spot)
    }

    private func drawFallOff(_ context: OpaquePointer, _ width: Double, _ height: Double) {
        let light = cairo_pattern_create_linear(0, 0, width, 0)
        cairo_pattern_add_color_stop_rgba(light, 0, 0, 0, 0.02, conditions.fallOff)
        cairo_pattern_add_color_stop_rgba(light, 0.3, 0, 0, 0, 0)
        cairo_pattern_add_color_stop_rgba(light, 0.7, 0, 0, 0, 0)
        cairo_pattern_add_color_stop_rgba(light, 1, 0.02, 0.01, 0, conditions.fallOff)
        cairo_set_source(context, light)
        cairo_paint(context)
        cairo_pattern_destroy(light)
        guard conditions.shade > 0 else { return }
        let corner = cairo_pattern_create_radial(width, height, 0, width, height, height * 0.9)
        cairo_pattern_add_color_stop_rgba(corner, 0, 0, 0, 0, conditions.shade)
        cairo_pattern_add_color_stop_rgba(corner, 1, 0, 0, 0, 0)
        cairo_set_source(context, corner)
        cairo_paint(context)
        cairo_pattern_destroy(corner)
    }

    private func drawNoise(_ context: OpaquePointer, _ random: inout PaperRandom) {
        let side: Int32 = 256
        guard conditions.noise > 0, let tile = cairo_image_surface_create(CAIRO_FORMAT_RGB24, side, side),
            let bytes = cairo_image_surface_get_data(tile)
        else { return }
        defer { cairo_surface_destroy(tile) }
        let words = Int(cairo_image_surface_get_stride(tile)) / 8 * Int(side)
        bytes.withMemoryRebound(to: UInt64.self, capacity: words) { words_ in
            for index in 0..<words { words_[index] = random.next() }
        }
        cairo_surface_mark_dirty(tile)
        let pattern = cairo_pattern_create_for_surface(tile)
        cairo_pattern_set_extend(pattern, CAIRO_EXTEND_REPEAT)
        cairo_pattern_set_filter(pattern, CAIRO_FILTER_NEAREST)
        cairo_set_source(context, pattern)
        cairo_paint_with_alpha(context, conditions.noise)
        cairo_pattern_destroy(pattern)
    }
}

/// A picture to draw on.
private final class Surface {
    let surface: OpaquePointer
    let context: OpaquePointer
    let width: Int
    let height: Int

    init(width: Int, height: Int) throws {
        guard let surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, Int32(width), Int32(height)),
            cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS, let context = cairo_create(surface)
        else { throw PaperError.noMemory }
        self.surface = surface
        self.context = context
        self.width = width
        self.height = height
    }

    deinit {
        cairo_destroy(context)
        cairo_surface_destroy(surface)
    }

    func jpeg(isColour: Bool, quality: Int) throws -> [UInt8] {
        cairo_surface_flush(surface)
        guard let pixels = cairo_image_surface_get_data(surface), let encoder = tjInitCompress() else {
            throw PaperError.noMemory
        }
        defer { tjDestroy(encoder) }
        var jpeg: UnsafeMutablePointer<UInt8>?
        var length: UInt = 0
        defer { tjFree(jpeg) }
        let subsampling = isColour ? TJSAMP_420 : TJSAMP_GRAY
        let status = tjCompress2(
            encoder, pixels, Int32(width), cairo_image_surface_get_stride(surface), Int32(height),
            Int32(TJPF_BGRX.rawValue), &jpeg, &length, Int32(subsampling.rawValue), Int32(quality), 0)
        guard status == 0, let jpeg else { throw PaperError.noMemory }
        return [UInt8](UnsafeBufferPointer(start: jpeg, count: Int(length)))
    }
}
