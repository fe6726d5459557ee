import CPangoCairo
import CTurboJPEG
import Foundation
import Peripherals
import Simulator
import TestSupport

/// A page drawn by a test, as a JPEG file: what stands where on it is known.
struct Paper {
    /// Millimetres.
    var width = 210.0
    var height = 297.0
    /// Dots per inch.
    var resolution = 200
    var isColour = true

    private var pixels: (width: Int, height: Int) {
        let scale = Double(resolution) / 25.4
        return (Int((width * scale).rounded()), Int((height * scale).rounded()))
    }

    func page(_ name: String, in folder: TemporaryFolder, draw: (PaperCanvas) -> Void = { _ in }) throws -> ScannedPage
    {
        let file = folder.url.appending(path: name)
        try jpeg(draw).write(to: file)
        return ScannedPage(file: file, width: pixels.width, height: pixels.height, resolution: resolution)
    }

    private func jpeg(_ draw: (PaperCanvas) -> Void) throws -> Data {
        let (width, height) = pixels
        let surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, Int32(width), Int32(height))
        defer { cairo_surface_destroy(surface) }
        guard let context = cairo_create(surface) else { throw CocoaError(.featureUnsupported) }
        defer { cairo_destroy(context) }
        cairo_set_source_rgb(context, 0.98, 0.97, 0.95)
        cairo_paint(context)
        cairo_scale(context, Double(width) / self.width, Double(height) / self.height)
        draw(PaperCanvas(context: context))
        cairo_surface_flush(surface)
        let encoder = tjInitCompress()
        defer { tjDestroy(encoder) }
        var bytes: UnsafeMutablePointer<UInt8>?
        var count: UInt = 0
        defer { tjFree(bytes) }
        let status = tjCompress2(
            encoder, cairo_image_surface_get_data(surface), Int32(width), cairo_image_surface_get_stride(surface),
            Int32(height), TJPF_BGRX.rawValue, &bytes, &count,
            Int32((isColour ? TJSAMP_420 : TJSAMP_GRAY).rawValue), 80, 0)
        guard status == 0, let bytes else { throw CocoaError(.featureUnsupported) }
        return Data(bytes: bytes, count: Int(count))
    }
}
