import Logging
import Testing
import USB

@Suite("libusb on any machine")
struct LibUSBStartTests {
    @Test("a bus starts, looks and ends; a watcher gets the set of now without waiting for a change")
    func watches() async throws {
        let bus = LibUSBBus(logger: .quiet)
        _ = try await bus.devices()
        // What is plugged in here is not ours to say.
        for await _ in bus.deviceSets() { break }
    }
}
