import Foundation

/// The program that runs now.
public enum ThisProgram {
    /// Where another program of the kiosk is: installed or built beside this one, also when this one was started by a
    /// link or by the search path.
    public static func neighbour(_ name: String) -> URL {
        let path =
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
        return URL(fileURLWithPath: path).deletingLastPathComponent().appendingPathComponent(name)
    }

    /// Writing to a process that has ended becomes an error to be told, where the system's habit is to end the writer.
    public static func surviveBrokenPipes() { signal(SIGPIPE, SIG_IGN) }
}
