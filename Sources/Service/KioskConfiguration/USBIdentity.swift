/// Vendor and product as `lsusb` prints them: `05e0:1200`, or `05e0:*` for every product of a vendor.
public struct USBIdentity: Sendable, Hashable {
    public var vendor: UInt16
    /// nil for any.
    public var product: UInt16?

    /// - Returns: nil when the text is none.
    public init?(_ text: String) {
        guard let match = text.wholeMatch(of: /([0-9a-fA-F]{4}):([0-9a-fA-F]{4}|\*)/),
            let vendor = UInt16(match.output.1, radix: 16)
        else { return nil }
        self.vendor = vendor
        product = UInt16(match.output.2, radix: 16)
    }

    public func matches(vendor: UInt16, product: UInt16) -> Bool {
        self.vendor == vendor && (self.product ?? product) == product
    }
}

extension YAMLSection {
    mutating func usbIdentity(_ key: String) throws(YAMLFault) -> USBIdentity {
        let text = try string(key)
        guard let identity = USBIdentity(text) else {
            throw fault(key, "is not a USB id", remedy: "Write vvvv:pppp as lsusb shows it, or vvvv:* for all products")
        }
        return identity
    }
}
