/// Who a driverless scanner is (`GET /eSCL/ScannerCapabilities`, Mopria eSCL Specification 2.97, 8.1).
struct ESCLCapabilities: Equatable {
    /// `pwg:MakeAndModel`
    var model: String?
    /// `pwg:SerialNumber`; where it is missing, `scan:UUID`, which is as constant.
    var serial: String?

    static let lengthLimit = 1 << 20

    /// - Returns: nil when the bytes are no ScannerCapabilities document.
    init?(xml: [UInt8]) {
        guard let texts = ESCLDocument.texts(xml, root: "ScannerCapabilities", limit: Self.lengthLimit) else {
            return nil
        }
        model = texts["MakeAndModel"].map { String($0.prefix(200)) }
        serial = (texts["SerialNumber"] ?? texts["UUID"]).map { String($0.prefix(200)) }
    }
}
