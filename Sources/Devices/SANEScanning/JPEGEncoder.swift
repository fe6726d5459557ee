import CTurboJPEG
import Peripherals

/// Pixels into a JPEG file, by libjpeg-turbo.
enum JPEGEncoder {
    /// - Parameters:
    ///   - pixels: rows of `frame.bytesPerLine` bytes, `lines` of them.
    ///   - resolution: dots per inch, written into the JFIF header.
    static func encode(
        _ pixels: UnsafeBufferPointer<UInt8>, _ frame: PageFrame, lines: Int, resolution: Int, quality: Int
    ) throws(ScanError) -> [UInt8] {
        switch frame.samples {
        case .grey8:
            return try compress(pixels, frame.width, frame.bytesPerLine, lines, TJPF_GRAY, resolution, quality)
        case .colour8:
            return try compress(pixels, frame.width, frame.bytesPerLine, lines, TJPF_RGB, resolution, quality)
        case .bits, .grey16, .colour16:
            let bytes = widen(pixels, frame, lines: lines)
            let isGrey = frame.samples != .colour16
            let format = isGrey ? TJPF_GRAY : TJPF_RGB
            return try bytes.withUnsafeBufferPointer { buffer throws(ScanError) in
                try compress(buffer, frame.width, frame.width * (isGrey ? 1 : 3), lines, format, resolution, quality)
            }
        }
    }

    /// One byte a sample: bits become black and white, of sixteen bits the upper eight are kept.
    static func widen(_ pixels: UnsafeBufferPointer<UInt8>, _ frame: PageFrame, lines: Int) -> [UInt8] {
        let samples = frame.width * (frame.samples == .colour16 ? 3 : 1)
        return [UInt8](unsafeUninitializedCapacity: samples * lines) { output, count in
            for line in 0..<lines {
                let from = line * frame.bytesPerLine
                let to = line * samples
                for index in 0..<samples {
                    output[to + index] =
                        if frame.samples == .bits {
                            pixels[from + index / 8] & (0x80 >> UInt8(index % 8)) == 0 ? 255 : 0
                        } else {
                            // Words of the machine's own order (SANE Standard 1.06, 3.2.1).
                            pixels[from + index * 2 + (1.littleEndian == 1 ? 1 : 0)]
                        }
                }
            }
            count = samples * lines
        }
    }

    private static func compress(
        _ pixels: UnsafeBufferPointer<UInt8>, _ width: Int, _ pitch: Int, _ height: Int, _ format: TJPF,
        _ resolution: Int, _ quality: Int
    ) throws(ScanError) -> [UInt8] {
        guard pixels.count >= pitch * height, let encoder = tjInitCompress() else {
            throw .failed("the JPEG encoder cannot start")
        }
        defer { tjDestroy(encoder) }
        var jpeg: UnsafeMutablePointer<UInt8>?
        var size: UInt = 0
        defer { tjFree(jpeg) }
        let subsampling = format == TJPF_GRAY ? TJSAMP_GRAY : TJSAMP_420
        let status = tjCompress2(
            encoder, pixels.baseAddress, Int32(width), Int32(pitch), Int32(height), Int32(format.rawValue), &jpeg,
            &size, Int32(subsampling.rawValue), Int32(quality), 0)
        guard status == 0, let jpeg else {
            throw .failed("the page cannot be encoded: \(String(cString: tjGetErrorStr2(encoder)))")
        }
        var bytes = [UInt8](UnsafeBufferPointer(start: jpeg, count: Int(size)))
        stamp(resolution, into: &bytes)
        return bytes
    }

    /// libjpeg-turbo 2 writes a JFIF header without a density; its place is fixed (JFIF 1.02, "APP0 marker").
    private static func stamp(_ resolution: Int, into jpeg: inout [UInt8]) {
        guard jpeg.count > 20, jpeg[2...3] == [0xFF, 0xE0], jpeg[6...9] == [0x4A, 0x46, 0x49, 0x46] else { return }
        let high = UInt8(truncatingIfNeeded: resolution >> 8)
        let low = UInt8(truncatingIfNeeded: resolution)
        jpeg.replaceSubrange(13...17, with: [1, high, low, high, low])
    }
}
