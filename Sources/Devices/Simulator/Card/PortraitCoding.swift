import COpenJPEG
import CTurboJPEG

/// The drawn face as a file, coded as issuers code their photographs.
enum PortraitCoding {
    private struct Failure: Error {}

    private static let width = SyntheticPortrait.width
    private static let height = SyntheticPortrait.height
    /// About the size of the JPEG: a twelfth of the pixels.
    private static let ratio: Float = 12

    static func encode(_ pixels: [UInt8], _ coding: SyntheticCitizen.Portrait.Coding) throws -> [UInt8] {
        switch coding {
        case .jpeg: try jpeg(pixels)
        case .jpeg2000: try jpeg2000(pixels, OPJ_CODEC_JP2)
        case .jpeg2000Codestream: try jpeg2000(pixels, OPJ_CODEC_J2K)
        }
    }

    private static func jpeg(_ pixels: [UInt8]) throws -> [UInt8] {
        guard let compressor = tjInitCompress() else { throw Failure() }
        defer { tjDestroy(compressor) }
        var buffer: UnsafeMutablePointer<UInt8>?
        var size: UInt = 0
        defer { tjFree(buffer) }
        let done = tjCompress2(
            compressor, pixels, Int32(width), 0, Int32(height), Int32(TJPF_RGB.rawValue), &buffer, &size,
            Int32(TJSAMP_420.rawValue), 80, 0)
        guard done == 0, let buffer else { throw Failure() }
        return Array(UnsafeBufferPointer(start: buffer, count: Int(size)))
    }

    private static func jpeg2000(_ pixels: [UInt8], _ format: OPJ_CODEC_FORMAT) throws -> [UInt8] {
        guard let image = image(pixels) else { throw Failure() }
        defer { opj_image_destroy(image) }
        guard let codec = opj_create_compress(format) else { throw Failure() }
        defer { opj_destroy_codec(codec) }
        var parameters = opj_cparameters_t()
        opj_set_default_encoder_parameters(&parameters)
        parameters.irreversible = 1
        parameters.tcp_numlayers = 1
        parameters.cp_disto_alloc = 1
        parameters.tcp_rates.0 = ratio
        parameters.tcp_mct = 1
        guard opj_setup_encoder(codec, &parameters, image) != 0, let stream = opj_stream_create(1 << 16, 0) else {
            throw Failure()
        }
        defer { opj_stream_destroy(stream) }
        return try withUnsafeTemporaryAllocation(of: MemorySink.self, capacity: 1) { sink in
            guard let place = sink.baseAddress else { throw Failure() }
            place.initialize(to: MemorySink())
            defer { place.deinitialize(count: 1) }
            MemorySink.connect(stream, place)
            guard opj_start_compress(codec, image, stream) != 0, opj_encode(codec, stream) != 0,
                opj_end_compress(codec, stream) != 0
            else { throw Failure() }
            return place.pointee.bytes
        }
    }

    private static func image(_ pixels: [UInt8]) -> UnsafeMutablePointer<opj_image_t>? {
        var component = opj_image_cmptparm_t()
        (component.dx, component.dy, component.w, component.h) = (1, 1, UInt32(width), UInt32(height))
        component.prec = 8
        var components = [component, component, component]
        guard let image = opj_image_create(3, &components, OPJ_CLRSPC_SRGB) else { return nil }
        (image.pointee.x1, image.pointee.y1) = (UInt32(width), UInt32(height))
        for index in 0..<3 {
            guard let data = image.pointee.comps[index].data else { continue }
            for pixel in 0..<width * height { data[pixel] = Int32(pixels[pixel * 3 + index]) }
        }
        return image
    }
}

/// Where the encoder's stream goes; it moves back to write lengths.
private struct MemorySink {
    var bytes: [UInt8] = []
    var position = 0

    static func connect(_ stream: UnsafeMutablePointer<opj_stream_t?>, _ sink: UnsafeMutablePointer<MemorySink>) {
        opj_stream_set_user_data(stream, sink, nil)
        opj_stream_set_write_function(stream) { buffer, length, data in
            guard let buffer, let sink = data?.assumingMemoryBound(to: MemorySink.self) else { return 0 }
            sink.pointee.write(UnsafeRawBufferPointer(start: buffer, count: length))
            return length
        }
        opj_stream_set_skip_function(stream) { distance, data in
            guard let sink = data?.assumingMemoryBound(to: MemorySink.self) else { return -1 }
            sink.pointee.position += Int(distance)
            return distance
        }
        opj_stream_set_seek_function(stream) { place, data in
            guard let sink = data?.assumingMemoryBound(to: MemorySink.self) else { return 0 }
            sink.pointee.position = Int(place)
            return 1
        }
    }

    private mutating func write(_ part: UnsafeRawBufferPointer) {
        let end = position + part.count
        if end > bytes.count { bytes += [UInt8](repeating: 0, count: end - bytes.count) }
        bytes.replaceSubrange(position..<end, with: part)
        position = end
    }
}
