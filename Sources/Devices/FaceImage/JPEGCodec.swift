import CTurboJPEG

/// What is asked of libjpeg-turbo.
enum JPEGCodec {
    private static let quality: Int32 = 92

    /// Reads the header: width and height in pixels.
    static func size(of image: [UInt8]) throws(FaceImageError) -> (width: Int, height: Int) {
        guard let decoder = tjInitDecompress() else { throw .damaged("the JPEG decoder cannot start") }
        defer { tjDestroy(decoder) }
        var (width, height, sampling, space) = (Int32(0), Int32(0), Int32(0), Int32(0))
        let status = tjDecompressHeader3(
            decoder, image, UInt(image.count), &width, &height, &sampling, &space)
        guard status == 0, width > 0, height > 0 else { throw .damaged("JPEG header") }
        guard space == TJCS_GRAY.rawValue || space == TJCS_YCbCr.rawValue || space == TJCS_RGB.rawValue else {
            throw .unsupported("JPEG with four components")
        }
        return (Int(width), Int(height))
    }

    /// - Parameter isYCC: the three planes are luminance and colour differences of full range (sYCC, as in JFIF).
    static func encode(_ planes: FacePlanes, isYCC: Bool) throws(FaceImageError) -> [UInt8] {
        guard let encoder = tjInitCompress() else { throw .damaged("the JPEG encoder cannot start") }
        defer { tjDestroy(encoder) }
        var jpeg: UnsafeMutablePointer<UInt8>?
        var size: UInt = 0
        defer { tjFree(jpeg) }
        let status =
            if planes.samples.count == 3, isYCC {
                compress(planes, encoder, &jpeg, &size)
            } else {
                tjCompress2(
                    encoder, interleaved(planes), Int32(planes.width), 0, Int32(planes.height),
                    (planes.samples.count == 1 ? TJPF_GRAY : TJPF_RGB).rawValue, &jpeg, &size,
                    Int32((planes.samples.count == 1 ? TJSAMP_GRAY : TJSAMP_420).rawValue), quality, 0)
            }
        guard status == 0, let jpeg else { throw .damaged("the photograph cannot be encoded") }
        return [UInt8](UnsafeBufferPointer(start: jpeg, count: Int(size)))
    }

    private static func compress(
        _ planes: FacePlanes, _ encoder: tjhandle, _ jpeg: inout UnsafeMutablePointer<UInt8>?, _ size: inout UInt
    ) -> Int32 {
        planes.samples[0].withUnsafeBufferPointer { luminance in
            planes.samples[1].withUnsafeBufferPointer { blue in
                planes.samples[2].withUnsafeBufferPointer { red in
                    var pointers = [luminance.baseAddress, blue.baseAddress, red.baseAddress]
                    return tjCompressFromYUVPlanes(
                        encoder, &pointers, Int32(planes.width), nil, Int32(planes.height),
                        Int32(TJSAMP_444.rawValue), &jpeg, &size, quality, 0)
                }
            }
        }
    }

    private static func interleaved(_ planes: FacePlanes) -> [UInt8] {
        guard planes.samples.count == 3 else { return planes.samples[0] }
        let (red, green, blue) = (planes.samples[0], planes.samples[1], planes.samples[2])
        return [UInt8](unsafeUninitializedCapacity: red.count * 3) { pixels, count in
            for index in red.indices {
                pixels[index * 3] = red[index]
                pixels[index * 3 + 1] = green[index]
                pixels[index * 3 + 2] = blue[index]
            }
            count = red.count * 3
        }
    }
}
