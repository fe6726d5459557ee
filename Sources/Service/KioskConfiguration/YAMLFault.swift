/// What is wrong in a YAML file, where, and what to do about it.
public struct YAMLFault: Error, Sendable, Equatable, CustomStringConvertible {
    /// The file's path as it was asked for.
    public var file: String
    /// Counted from 1; nil when the file could not be read at all.
    public var line: Int?
    /// For example `queue.classes[1].weight`; empty for the whole file.
    public var keyPath: String
    public var problem: String
    public var remedy: String

    public init(file: String, line: Int?, keyPath: String, problem: String, remedy: String) {
        self.file = file
        self.line = line
        self.keyPath = keyPath
        self.problem = problem
        self.remedy = remedy
    }

    public var description: String {
        let place = line.map { "\(file):\($0)" } ?? file
        return keyPath.isEmpty ? "\(place): \(problem). \(remedy)" : "\(place): \(keyPath): \(problem). \(remedy)"
    }
}
