import FaceImage

extension FuzzTarget {
    /// The coded face image, through the image libraries.
    static let face = FuzzTarget(name: "face", longest: 65_536) { bytes in
        guard let photograph = try? FacePhotograph.make(of: bytes) else { return }
        precondition(photograph.width * photograph.height <= FacePhotograph.pixelLimit)
        precondition(FaceImageFormat(photograph.jpeg) == .jpeg)
    }
}
