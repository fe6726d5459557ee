import Foundation
import HostSystem
import Peripherals
import Subprocess
import Synchronization

/// Runs `kiosk-scan` for one request: starts it, reads what it says, and ends it when it is late or no longer wanted.
/// Returns only when the process is gone and reaped.
struct ScannerProcess: Sendable {
    /// The `kiosk-scan` to run.
    var program: URL
    /// What SANE reads instead of `/etc/sane.d`; nil for the system's own.
    var saneConfig: URL?
    var limits: ScanLimits

    /// Runs one request to its end. `cancellation` may be used at any moment, also before.
    func run(
        _ request: ScanRequest, cancellation: ScanCancellation = ScanCancellation(),
        onAction: @escaping @Sendable (ScanSupervision.Action) async -> Void
    ) async throws(ScanError) {
        let line: String
        do {
            line = try request.line() + "\n"
        } catch {
            throw .failed("the scan request cannot be encoded")
        }
        ThisProgram.surviveBrokenPipes()
        var options = PlatformOptions()
        // A group of its own, so that whatever a back end starts is ended with it.
        options.processGroupID = 0
        // A back end that crashes has nothing to tell that would be worth the seconds, and papers are in its memory.
        var environment = Environment.inherit.updating(["SWIFT_BACKTRACE": "enable=no"])
        if let saneConfig { environment = environment.updating(["SANE_CONFIG_DIR": saneConfig.path]) }
        let supervision = ScanSupervision(limits: limits, maximumPages: request.settings.maximumPages)
        let outcome: ScanError?
        do {
            let result = try await Subprocess.run(
                .path(.init(program.path)), arguments: ["--request"], environment: environment,
                platformOptions: options, input: .inputWriter, output: .sequence, error: .discarded
            ) { execution in
                let driver = ScanDriver(
                    supervision: supervision, cancellation: cancellation, onAction: onAction,
                    stop: { try? execution.send(signal: .terminate) },
                    kill: { try? execution.send(signal: .kill, toProcessGroup: true) })
                return await driver.drive(execution.standardOutput) {
                    // A process that dies at once cannot be written to; its end is what counts.
                    _ = try? await execution.standardInputWriter.write(line)
                }
            }
            outcome = result.closureResult
        } catch {
            throw .failed("kiosk-scan cannot be run: \(program.path) is missing or not executable")
        }
        if let outcome { throw outcome }
    }
}

/// Asks a run to stop, from anywhere and any number of times.
final class ScanCancellation: Sendable {
    private struct State {
        var requested = false
        var handler: (@Sendable () -> Void)?
    }
    private let state = Mutex(State())

    func cancel() {
        let handler = state.withLock { state in
            state.requested = true
            return state.handler
        }
        handler?()
    }

    /// Calls `handler` when a stop is asked for, at once when it was already.
    func onCancel(_ handler: @escaping @Sendable () -> Void) {
        let already = state.withLock { state in
            state.handler = handler
            return state.requested
        }
        if already { handler() }
    }
}
