/// An affine map of the plane: `x' = xx·x + xy·y + x0`, `y' = yx·x + yy·y + y0`. Coordinates are those of the paper's
/// surface in units of pixels, so that the first pixel reaches from 0 to 1.
struct Affine: Sendable, Equatable {
    var xx = 1.0
    var xy = 0.0
    var yx = 0.0
    var yy = 1.0
    var x0 = 0.0
    var y0 = 0.0

    func callAsFunction(_ x: Double, _ y: Double) -> (x: Double, y: Double) {
        (xx * x + xy * y + x0, yx * x + yy * y + y0)
    }

    /// The same map between pictures whose pixels are larger by these factors.
    func between(input: (x: Double, y: Double), output: (x: Double, y: Double)) -> Affine {
        Affine(
            xx: xx * output.x / input.x, xy: xy * output.y / input.x, yx: yx * output.x / input.y,
            yy: yy * output.y / input.y, x0: x0 / input.x, y0: y0 / input.y)
    }
}
