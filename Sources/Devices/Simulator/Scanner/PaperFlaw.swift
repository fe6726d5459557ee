/// What people and scanners do to a sheet, so that the page is not fit for the record.
public enum PaperFlaw: String, Sendable, CaseIterable {
    case upsideDown = "upside-down"
    case dark
    case blurred
    /// It lies so that a part of it is beyond the edge of the picture.
    case cutOff = "cut-off"
    /// A foil throws the light back.
    case glare
}
