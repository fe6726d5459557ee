import Foundation
import KioskConfiguration
import Peripherals

/// The procedures a kiosk offers, from the files of a folder: `<code>.yaml`, one procedure each.
public struct ProcedureCatalogue: Sendable, Equatable {
    /// In the order offered.
    public let procedures: [Procedure]

    public init(_ procedures: [Procedure]) {
        self.procedures = procedures.sorted { ($0.order, $0.code) < ($1.order, $1.code) }
    }

    /// - Throws: the first fault, with file, line and remedy.
    public static func load(directory: URL) throws(YAMLFault) -> ProcedureCatalogue {
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: directory.path)
        } catch {
            throw YAMLFault(
                file: directory.path, line: nil, keyPath: "", problem: "cannot be listed",
                remedy: "Check that the folder exists and that the service may read it")
        }
        var procedures: [Procedure] = []
        for name in names.sorted() where name.hasSuffix(".yaml") {
            procedures.append(try Procedure.load(directory.appendingPathComponent(name)))
        }
        return ProcedureCatalogue(procedures)
    }

    public subscript(code: String) -> Procedure? { procedures.first { $0.code == code } }

    /// What can be asked for on a day, in order.
    public func offered(on date: CalendarDate) -> [(procedure: Procedure, version: ProcedureVersion)] {
        procedures.compactMap { procedure in procedure.version(on: date).map { (procedure, $0) } }
    }
}
