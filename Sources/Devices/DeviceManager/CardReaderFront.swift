import CardTrust
import IdentityCard
import Logging
import PCSC
import Peripherals
import SmartCard
import USB

/// The card reader that the journey holds on to, whichever reader is plugged in.
actor CardReaderFront: CardReading, RoleFront {
    private let logger: Logger
    private let profile: @Sendable (USBDeviceInfo) -> CCIDReaderProfile
    private let trust: @Sendable () async -> TrustStore
    /// What the chips met lately take.
    private let profiles = ChipProfiles()
    private nonisolated let state = FrontState<CardReaderCondition>()
    private nonisolated let presences = LatestValue(CardPresence.noReader)
    private var terminal: (any CardTerminal)?

    init(
        profile: @escaping @Sendable (USBDeviceInfo) -> CCIDReaderProfile,
        trust: @escaping @Sendable () async -> TrustStore, logger: Logger
    ) {
        self.profile = profile
        self.trust = trust
        self.logger = logger
    }

    // MARK: CardReading

    func condition() -> CardReaderCondition { state.condition }

    nonisolated func presence() -> AsyncStream<CardPresence> { presences.watch() }

    nonisolated func read(_ key: CardKey, needs: Set<CardVerdicts.Kind>) -> AsyncStream<CardReadEvent> {
        AsyncStream { events in
            let reading = Task {
                await self.read(key, needs: needs, events)
                events.finish()
            }
            events.onTermination = { _ in reading.cancel() }
        }
    }

    private func read(
        _ key: CardKey, needs: Set<CardVerdicts.Kind>, _ events: AsyncStream<CardReadEvent>.Continuation
    ) async {
        guard let terminal else {
            events.yield(.failed(.noReader))
            return
        }
        let context = ReadingContext(trust: await trust(), profiles: profiles)
        for await event in terminal.identityCardEvents(key, needs: needs, context: context) {
            events.yield(event)
            if case .failed(.readerFault(let what)) = event, let reader = terminal as? CCIDReader {
                // No handle that failed is kept: the session ends, and the manager opens the reader anew.
                logger.warning("the card reader failed and is opened anew: \(what)")
                await reader.close()
            }
        }
    }

    func trace(
        _ key: CardKey, masked: Bool, kioskVersion: String
    ) async throws(CardReadError) -> CardTraceReport {
        guard let terminal else { throw .noReader }
        let trace = try await terminal.traceIdentityCard(
            key, masked: masked, kioskVersion: kioskVersion, reader: state.reports.value.product ?? "unknown",
            context: ReadingContext(trust: await trust()))
        do {
            return CardTraceReport(
                text: try trace.text(), summary: trace.outcome.summary, isRead: trace.outcome.error == nil,
                replays: trace.replays)
        } catch {
            throw .readerFault("the trace cannot be written: \(error)")
        }
    }

    // MARK: RoleFront

    nonisolated var reports: LatestValue<DeviceReport> { state.reports }

    func serve(_ device: any USBDevice) async -> Bool {
        let reader: CCIDReader
        do {
            reader = try await CCIDReader(device: device, profile: profile(device.info), logger: logger)
        } catch {
            logger.warning("card reader: \(error)", metadata: ["port": "\(device.info.port)"])
            state.set(Self.condition(error), device.info, remedy: Self.remedy(error))
            await device.close()
            return false
        }
        terminal = reader
        state.set(.ready, device.info)
        for await isPresent in await reader.presences() { presences.set(isPresent ? .present : .absent) }
        terminal = nil
        presences.set(.noReader)
        state.set(.unknown, device.info)
        await reader.close()
        return true
    }

    /// Serves whatever reader pcscd has, until the task is cancelled.
    func serve(_ reader: PCSCReader) async {
        for await now in await reader.conditions() {
            switch now {
            case .noService, .noReader:
                terminal = nil
                presences.set(.noReader)
                state.set(now == .noService ? .noService : .absent, nil)
            case .ready(let name, let hasCard):
                terminal = reader
                state.set(.ready, nil, product: name)
                presences.set(hasCard ? .present : .absent)
            }
        }
        terminal = nil
        presences.set(.noReader)
        await reader.close()
    }

    nonisolated func refuse(_ error: USBError, _ info: USBDeviceInfo) { state.set(CardReaderCondition(error), info) }

    nonisolated func vacate() { state.set(.absent, nil) }

    private static func remedy(_ error: any Error) -> String? {
        guard case .busy(let holder?)? = error as? SmartCardError else { return nil }
        guard holder == "pcscd" else { return "\(holder) holds the card reader: stop that program." }
        return "pcscd holds the card reader: stop it (systemctl disable --now pcscd.socket pcscd), "
            + "or set reader: pcsc in kiosk.yaml."
    }

    private static func condition(_ error: SmartCardError) -> CardReaderCondition {
        switch error {
        case .readerGone: .absent
        case .busy: .busy
        case .accessDenied: .accessDenied
        case .cancelled: .unknown
        case .notSupported: .notSupported
        case .noCard, .removed, .mute, .timedOut, .reader: .fault
        }
    }
}
