import Foundation
import TestSupport
import Testing

@testable import CUPSTestSupport

@Suite("Programs beside a test")
struct ChildTests {
    @Test("hold no pipe of another test open: its reader would wait for their end", .timeLimit(.minutes(1)))
    func pipes() throws {
        let folder = TemporaryFolder()
        let pipe = Pipe()
        let child = try Child("/bin/sleep", ["600"], log: folder.url.appending(path: "log"))
        try pipe.fileHandleForWriting.close()
        // Without a writer there is an end to read, at once.
        var state = pollfd(fd: pipe.fileHandleForReading.fileDescriptor, events: Int16(POLLIN), revents: 0)
        #expect(poll(&state, 1, 0) == 1 && state.revents & Int16(POLLHUP) != 0)
        child.kill()
    }
}
