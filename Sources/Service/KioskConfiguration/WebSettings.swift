/// Where the pages are served.
public struct WebSettings: Sendable, Equatable {
    /// An address of this machine; the loopback unless counters and displays are other machines.
    public var address: String
    /// 0 takes any free port.
    public var port: Int

    init(_ section: inout YAMLSection) throws(YAMLFault) {
        address = try section.string("address", or: "127.0.0.1")
        port = try section.integer("port", in: 0...65535, or: 8480)
    }
}
