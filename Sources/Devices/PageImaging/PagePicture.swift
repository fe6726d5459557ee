/// A picture as JPEG files hold it: luminance, and two colour differences that may be of lower resolution (ITU-T T.871).
struct PagePicture: Sendable {
    var luminance: Plane
    /// Blue and red difference, 128 for none; nil in a grey picture.
    var chroma: (blue: Plane, red: Plane)?
    /// Dots per inch of the luminance.
    var resolution: Double

    var width: Int { luminance.width }
    var height: Int { luminance.height }
}
