/// Why a form cannot be used. Raised while loading, never by what a person types.
public struct FormError: Error, Sendable, Equatable, CustomStringConvertible {
    /// One fault, with the place and what to do.
    public struct Fault: Error, Sendable, Equatable, CustomStringConvertible {
        /// The line of the XForm, counted from 1; nil where no line is to blame.
        public var line: Int?
        public var problem: String
        public var remedy: String

        public init(line: Int? = nil, problem: String, remedy: String) {
            self.line = line
            self.problem = problem
            self.remedy = remedy
        }

        public var description: String {
            (line.map { "line \($0): " } ?? "") + problem + ". " + remedy
        }
    }

    /// The file's name, or the form's id.
    public var form: String
    /// At least one; all that were found.
    public var faults: [Fault]

    public init(form: String, faults: [Fault]) {
        self.form = form
        self.faults = faults
    }

    public var description: String {
        faults.map { "\(form): \($0.description)" }.joined(separator: "\n")
    }
}
