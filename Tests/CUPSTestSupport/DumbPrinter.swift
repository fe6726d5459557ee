import Foundation

/// A printer that takes bytes and says nothing: a back end of the rig. Each job is a file as it arrived.
///
/// The files `empty` (the back end says so and stops the queue, as those of some makers do) and `deaf` (the printer takes
/// nothing and the back end waits) are its faults.
public struct DumbPrinter: Sendable {
    let folder: URL

    static func backend(folder: URL) -> String {
        """
        #!/bin/sh
        # CUPS calls it with job, user, title, copies, options and perhaps a file.
        [ $# -eq 0 ] && { echo 'direct dumb "Unknown" "Dumb"'; exit 0; }
        cd '\(folder.path)'
        trap 'exit 0' TERM
        if [ -e empty ]; then
            echo 'STATE: +media-empty-error' >&2
            exit 4
        fi
        echo 'STATE: -media-empty-error' >&2
        while [ -e deaf ]; do
            echo 'STATE: +offline-report' >&2
            sleep 0.1
        done
        echo 'STATE: -offline-report' >&2
        cat "${6:--}" > "paper/$1.part" && mv "paper/$1.part" "paper/$1.bin"

        """
    }

    public func set(_ fault: String, _ isOn: Bool) throws {
        let file = folder.appending(path: fault)
        if isOn {
            try Data().write(to: file)
        } else {
            try FileManager.default.removeItem(at: file)
        }
    }

    /// What was printed, in the order of the jobs.
    public func papers() throws -> [Data] {
        try FileManager.default.contentsOfDirectory(atPath: folder.appending(path: "paper").path)
            .filter { $0.hasSuffix(".bin") }
            .sorted { (Int($0.dropLast(4)) ?? 0) < (Int($1.dropLast(4)) ?? 0) }
            .map { try Data(contentsOf: folder.appending(path: "paper/\($0)")) }
    }
}
