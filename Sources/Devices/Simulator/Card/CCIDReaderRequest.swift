/// A whole bulk-out message, and the interface that it came to.
struct CCIDReaderRequest: Sendable {
    var bytes: [UInt8]
    var interface: Int

    var type: UInt8 { bytes[0] }
    var slot: UInt8 { bytes[5] }
    var sequence: UInt8 { bytes[6] }
    /// wLevelParameter of XfrBlock: 0 whole, 1 begins, 2 ends, 3 goes on, 10h "send me more" (6.1.4).
    var level: UInt16 { UInt16(bytes[8]) | UInt16(bytes[9]) << 8 }
    var body: [UInt8] { Array(bytes.dropFirst(10)) }
}
