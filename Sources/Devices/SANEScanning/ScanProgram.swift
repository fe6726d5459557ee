import DocumentScanner
import Foundation
import Peripherals

/// What `kiosk-scan` does. Blocks its thread, which becomes libsane's, until the request is done.
public struct ScanProgram {
    private let request: ScanRequest
    private let emit: (ScanEvent) -> Void
    private let cancel: SANECancel

    /// - Parameter emit: called with each event, the last being `done` or `failed`.
    public init(_ request: ScanRequest, leash: ScanLeash, emit: @escaping (ScanEvent) -> Void) {
        self.request = request
        self.emit = emit
        self.cancel = leash.cancel
    }

    /// - Returns: whether all went well.
    public func run() -> Bool {
        do throws(ScanError) {
            let library = try SANELibrary()
            switch request.job {
            case .list:
                for device in try library.devices() { emit(.device(device)) }
            case .status:
                try status(try library.find(request.device))
            case .scan:
                try scan(try library.find(request.device))
            }
            emit(.done)
            return true
        } catch {
            let error = cancel.isRequested ? .cancelled : error
            if case .device(let condition) = error { emit(.status(condition)) }
            emit(.failed(error))
            return false
        }
    }

    private func status(_ found: FoundScanner) throws(ScanError) {
        // An eSCL scanner tells everything itself, and faster than through libsane.
        if let address = AirscanConfiguration.address(of: found.name, in: AirscanConfiguration.text()) {
            let condition = ESCLProbe.condition(at: address)
            if condition != .absent { emit(.opened(found)) }
            emit(.status(condition))
            return
        }
        let device = try SANEDevice(opening: found.name, cancel: cancel)
        emit(.opened(found))
        emit(.status(Self.sensors(device.options)))
    }

    /// What the sensors say that some back ends show as options.
    private static func sensors(_ options: SANEOptions) -> ScannerCondition {
        if options.flag("cover-open") == true { return .coverOpen }
        if options.flag("page-loaded") == false { return .feederEmpty }
        return .ready
    }

    private func scan(_ found: FoundScanner) throws(ScanError) {
        guard let directory = request.directory else { throw .failed(ScanRequestError.noDirectory.description) }
        var store = PageStore(directory: directory)
        let device = try SANEDevice(opening: found.name, cancel: cancel)
        emit(.opened(found))
        try ScanJob(device, request.settings, cancel: cancel).run { jpeg, width, height, resolution throws(ScanError) in
            let file = try store.write(jpeg)
            emit(.page(file: file, width: width, height: height, resolution: resolution))
        }
    }
}
