/// The version of the whole kiosk: kioskd, kioskctl and the rest are released together.
public enum KioskVersion {
    public static let text = "0.1.0"
}
