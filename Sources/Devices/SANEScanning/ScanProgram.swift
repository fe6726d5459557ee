import DocumentScanner
import Foundation
import Peripherals

/// What `kiosk-scan` does. Blocks its thread, which becomes libsane's, until the request is done.
///
/// The last event goes out before the scanner is closed: a back end that hangs in `sane_cancel` or `sane_close` (SANE's
/// own `test` does, one time in forty after an error: its reader thread is cancelled within `free`) spoils no result.
public struct ScanProgram {
    private let request: ScanRequest
    private let emit: (ScanEvent) -> Void
    private let leash: ScanLeash

    /// - Parameter emit: called with each event, the last being `done` or `failed`.
    public init(_ request: ScanRequest, leash: ScanLeash, emit: @escaping (ScanEvent) -> Void) {
        self.request = request
        self.emit = emit
        self.leash = leash
    }

    /// - Returns: whether all went well.
    public func run() -> Bool {
        do throws(ScanError) {
            let library = try SANELibrary()
            switch request.job {
            case .list:
                let search = search
                for device in try library.devices().compactMap(search.complete) { emit(.device(device)) }
                return finish(nil)
            case .status: return try status(try find(library))
            case .describe: return try describe(try find(library))
            case .scan: return try scan(try find(library))
            }
        } catch {
            return finish(error)
        }
    }

    /// Says how it ended. From here on, the process ends within the leash's grace, whatever libsane does.
    private func finish(_ error: ScanError?) -> Bool {
        if let error {
            let error = leash.cancel.isRequested ? .cancelled : error
            if case .device(let condition) = error { emit(.status(condition)) }
            emit(.failed(error))
        } else {
            emit(.done)
        }
        leash.expire(code: error == nil ? 0 : 1)
        return error == nil
    }

    private var search: ScannerSearch { ScannerSearch(selection: request.device, past: request.past) }

    private func find(_ library: borrowing SANELibrary) throws(ScanError) -> FoundScanner {
        if let device = try search.withoutList() { return device }
        return try search.choose(among: library.devices()) { emit(.device($0)) }
    }

    private func status(_ found: FoundScanner) throws(ScanError) -> Bool {
        // An eSCL scanner tells everything itself, and faster than through libsane.
        if let address = found.address {
            let condition = ESCLProbe.condition(at: address)
            // One that does not say how it is does not say who it is either.
            let isTalking = condition != .absent && condition != .unknown
            if condition != .absent { emit(.opened((isTalking ? search.complete(found) : nil) ?? found)) }
            emit(.status(condition))
            return finish(nil)
        }
        let device = try SANEDevice(opening: found.name, cancel: leash.cancel)
        emit(.opened(found))
        emit(.status(Self.sensors(device.options)))
        let isFine = finish(nil)
        device.close()
        return isFine
    }

    private func describe(_ found: FoundScanner) throws(ScanError) -> Bool {
        let device = try SANEDevice(opening: found.name, cancel: leash.cancel)
        emit(.opened(search.complete(found) ?? found))
        emit(.abilities(ScannerChoices.abilities(of: device.options)))
        let isFine = finish(nil)
        device.close()
        return isFine
    }

    /// What the sensors say that some back ends show as options.
    private static func sensors(_ options: SANEOptions) -> ScannerCondition {
        if options.flag("cover-open") == true { return .coverOpen }
        if options.flag("page-loaded") == false { return .feederEmpty }
        return .ready
    }

    private func scan(_ found: FoundScanner) throws(ScanError) -> Bool {
        guard let directory = request.directory else { throw .failed(ScanRequestError.noDirectory.description) }
        var store = PageStore(directory: directory)
        if let address = found.address {
            try ScannerReadiness(
                condition: { ESCLProbe.condition(at: address) }, isCancelled: { leash.cancel.isRequested }
            ).wait { emit(.status($0)) }
        }
        let device = try SANEDevice(opening: found.name, cancel: leash.cancel)
        emit(.opened(found))
        var failure: ScanError?
        do throws(ScanError) {
            try ScanJob(request.settings, cancel: leash.cancel).run(on: device) {
                jpeg, width, height, resolution throws(ScanError) in
                let file = try store.write(jpeg)
                emit(.page(file: file, width: width, height: height, resolution: resolution))
            }
        } catch {
            failure = leash.cancel.isRequested ? .cancelled : search.reason(of: error, from: found)
        }
        let isFine = finish(failure)
        device.close()
        return isFine
    }
}
