import COpenJPEG

/// What is asked of OpenJPEG: a bare codestream into planes of eight bits. The boxes around it never reach the library.
enum JPEG2000Decoder {
    private static let bufferLength = 1 << 16

    /// - Parameter header: of the same bytes, its cost checked.
    static func decode(
        _ codestream: ArraySlice<UInt8>, _ header: JPEG2000Header
    ) throws(FaceImageError) -> FacePlanes {
        try codestream.withUnsafeBufferPointer { bytes throws(FaceImageError) in
            var source = MemorySource(bytes: bytes, position: 0)
            return try withUnsafeMutablePointer(to: &source) { source throws(FaceImageError) in
                try decode(source, header)
            }
        }
    }

    private static func decode(
        _ source: UnsafeMutablePointer<MemorySource>, _ header: JPEG2000Header
    ) throws(FaceImageError) -> FacePlanes {
        guard let codec = opj_create_decompress(OPJ_CODEC_J2K) else { throw .damaged("the decoder cannot start") }
        defer { opj_destroy_codec(codec) }
        guard let stream = MemorySource.stream(source, bufferLength: bufferLength) else {
            throw .damaged("the decoder cannot start")
        }
        defer { opj_stream_destroy(stream) }
        var parameters = opj_dparameters_t()
        opj_set_default_decoder_parameters(&parameters)
        var image: UnsafeMutablePointer<opj_image_t>?
        guard opj_setup_decoder(codec, &parameters) != 0, opj_read_header(stream, codec, &image) != 0, let image else {
            opj_image_destroy(image)
            throw .damaged("JPEG 2000 header")
        }
        defer { opj_image_destroy(image) }
        guard opj_decode(codec, stream, image) != 0 else { throw .damaged("JPEG 2000 data") }
        return try planes(of: image.pointee, header)
    }

    /// Grey, or the first three components; what follows them is transparency.
    private static func planes(
        of image: opj_image_t, _ header: JPEG2000Header
    ) throws(FaceImageError) -> FacePlanes {
        let wanted = header.components.count < 3 ? 1 : 3
        guard image.numcomps == UInt32(header.components.count), let components = image.comps else {
            throw .damaged("JPEG 2000 components")
        }
        var planes = FacePlanes(width: header.width, height: header.height, samples: [])
        for index in 0..<wanted {
            let (component, promised) = (components[index], header.components[index])
            guard let data = component.data,
                Int(component.w) == (header.width - 1) / promised.stepX + 1,
                Int(component.h) == (header.height - 1) / promised.stepY + 1
            else { throw .damaged("JPEG 2000 components") }
            planes.samples.append(
                plane(UnsafeBufferPointer(start: data, count: Int(component.w * component.h)), promised, header))
        }
        return planes
    }

    private static func plane(
        _ data: UnsafeBufferPointer<Int32>, _ component: JPEG2000Header.Component, _ header: JPEG2000Header
    ) -> [UInt8] {
        let line = (header.width - 1) / component.stepX + 1
        let offset = component.isSigned ? 1 << (component.precision - 1) : 0
        let most = 1 << component.precision - 1
        return [UInt8](unsafeUninitializedCapacity: header.width * header.height) { samples, count in
            for y in 0..<header.height {
                for x in 0..<header.width {
                    let value = Int(data[y / component.stepY * line + x / component.stepX]) + offset
                    samples[count] = UInt8(min(max(value, 0), most) * 255 / most)
                    count += 1
                }
            }
        }
    }
}

/// Bytes in memory, read by the library through callbacks.
private struct MemorySource {
    let bytes: UnsafeBufferPointer<UInt8>
    var position: Int

    /// The source must live as long as the stream.
    static func stream(_ source: UnsafeMutablePointer<MemorySource>, bufferLength: Int) -> UnsafeMutablePointer<
        opj_stream_t?
    >? {
        guard let stream = opj_stream_create(bufferLength, 1) else { return nil }
        opj_stream_set_user_data(stream, source, nil)
        opj_stream_set_user_data_length(stream, UInt64(source.pointee.bytes.count))
        opj_stream_set_read_function(stream) { buffer, length, data in
            // The library's sign for the end is -1.
            let end = Int(bitPattern: UInt.max)
            guard let source = data?.assumingMemoryBound(to: MemorySource.self) else { return end }
            let part = UnsafeBufferPointer(
                rebasing: source.pointee.bytes.dropFirst(source.pointee.position).prefix(length))
            guard let buffer, let base = part.baseAddress, !part.isEmpty else { return end }
            buffer.copyMemory(from: base, byteCount: part.count)
            source.pointee.position += part.count
            return part.count
        }
        opj_stream_set_skip_function(stream) { distance, data in
            guard let source = data?.assumingMemoryBound(to: MemorySource.self), distance >= 0 else { return -1 }
            let possible = min(Int(distance), source.pointee.bytes.count - source.pointee.position)
            source.pointee.position += possible
            return Int64(possible)
        }
        opj_stream_set_seek_function(stream) { place, data in
            guard let source = data?.assumingMemoryBound(to: MemorySource.self), place >= 0,
                place <= source.pointee.bytes.count
            else { return 0 }
            source.pointee.position = Int(place)
            return 1
        }
        return stream
    }
}
