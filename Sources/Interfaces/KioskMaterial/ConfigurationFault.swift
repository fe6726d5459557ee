import CentralProtocol
import Forms
import Foundation
import KioskConfiguration

/// A mistake in the kiosk's files as a technician sees it.
public struct ConfigurationFault: Sendable, Equatable, Codable {
    public var file: String
    /// Counted from 1; nil when the file as a whole is meant.
    public var line: Int?
    public var problem: String
    public var remedy: String

    public init(file: String, line: Int? = nil, problem: String, remedy: String) {
        self.file = file
        self.line = line
        self.problem = problem
        self.remedy = remedy
    }

    /// `FILE:LINE`, as editors open it.
    public var place: String { line.map { "\(file):\($0)" } ?? file }

    static func all(_ error: any Error) -> [ConfigurationFault] {
        switch error {
        case let fault as YAMLFault: [ConfigurationFault(fault)]
        case let error as FormError:
            error.faults.map {
                ConfigurationFault(file: error.form, line: $0.line, problem: $0.problem, remedy: $0.remedy)
            }
        case let error as EnrolmentError:
            switch error {
            case .missing(let file), .malformed(let file):
                [
                    ConfigurationFault(
                        file: file.path, problem: "the enrolment can't be used",
                        remedy: "Get it by “kiosk-central enroll”; check its owner and mode")
                ]
            }
        default: [ConfigurationFault(file: "", problem: "\(error)", remedy: "Correct what is named")]
        }
    }

    public init(_ fault: YAMLFault) {
        self.init(
            file: fault.file, line: fault.line,
            problem: fault.keyPath.isEmpty ? fault.problem : "\(fault.keyPath): \(fault.problem)", remedy: fault.remedy)
    }
}
