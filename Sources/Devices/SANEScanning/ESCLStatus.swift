import CXML2
import Foundation
import Peripherals

/// What a driverless scanner says about itself (`GET /eSCL/ScannerStatus`, Mopria eSCL Specification 2.97, 9.1).
///
/// libsane has no call that asks for a condition without pulling paper; this does it for eSCL scanners.
struct ESCLStatus: Equatable {
    /// `pwg:State`: Idle, Processing, Testing, Stopped, Down.
    var state: String?
    /// `scan:AdfState`: for example ScannerAdfLoaded, ScannerAdfEmpty, ScannerAdfJam.
    var feeder: String?

    static let lengthLimit = 65_536

    /// - Returns: nil when the bytes are no ScannerStatus document.
    init?(xml: [UInt8]) {
        guard xml.count <= Self.lengthLimit else { return nil }
        // No entities, no network: the document comes from outside.
        let flags = Int32(XML_PARSE_NONET.rawValue | XML_PARSE_NOERROR.rawValue | XML_PARSE_NOWARNING.rawValue)
        let text = xml.map { CChar(bitPattern: $0) }
        guard let document = xmlReadMemory(text, Int32(text.count), nil, nil, flags) else { return nil }
        defer { xmlFreeDoc(document) }
        guard let root = xmlDocGetRootElement(document), Self.name(root) == "ScannerStatus" else { return nil }
        var node = root.pointee.children
        while let element = node {
            switch Self.name(element) {
            case "State": state = Self.text(element)
            case "AdfState": feeder = Self.text(element)
            default: break
            }
            node = element.pointee.next
        }
    }

    var condition: ScannerCondition {
        switch feeder {
        case "ScannerAdfJam", "ScannerAdfMispick", "ScannerAdfMultipickDetected": return .jam
        case "ScannerAdfHatchOpen", "ScannerAdfDoorOpen", "ScannerAdfInputTrayFailed": return .coverOpen
        default: break
        }
        switch state {
        case "Idle": return feeder == "ScannerAdfEmpty" ? .feederEmpty : .ready
        case "Processing": return .busy
        case "Testing": return .warmingUp
        case "Stopped", "Down": return .fault
        default: return .unknown
        }
    }

    private static func name(_ node: UnsafeMutablePointer<xmlNode>) -> String {
        node.pointee.type == XML_ELEMENT_NODE ? String(cString: node.pointee.name) : ""
    }

    private static func text(_ node: UnsafeMutablePointer<xmlNode>) -> String? {
        guard let child = node.pointee.children, child.pointee.type == XML_TEXT_NODE,
            let content = child.pointee.content
        else { return nil }
        return String(cString: content).trimmingCharacters(in: .whitespacesAndNewlines)
    }
}
