import DeviceTestSupport
import Simulator
import Testing
import USB

@testable import SmartCard

/// A simulated reader of some model, and the driver on it, without a bus in between.
struct ReaderBench {
    static let issuer = try? SimulatedIssuer()
    static let identifier = APDU.Command(cla: 0xFF, ins: 0xCA, p1: 0, p2: 0, le: 256)
    /// Patient enough never to give up by itself; looks often.
    static let profile = CCIDReaderProfile(
        firstAnswerMs: 10_000, statusMs: 3_600_000, pollIntervalMs: 5, patienceMs: 3_600_000, removalGraceMs: 5)

    let device: CCIDReaderDevice
    let usb: InMemoryUSBDevice
    let reader: CCIDReader

    init(
        _ model: CCIDReaderModel = .standard, card: Bool = true, profile: CCIDReaderProfile = Self.profile,
        faults: [[String]] = []
    ) async throws {
        device = CCIDReaderDevice(model: model, issuer: try #require(Self.issuer), makesCardsWait: false)
        if card { try await device.insert(.nguyenVanA) }
        for fault in faults { _ = try await device.apply(fault) }
        usb = InMemoryUSBDevice(device)
        reader = try await CCIDReader(device: usb, profile: profile)
    }

    /// One session with one command.
    func transmit(
        _ command: APDU.Command = identifier, deadline: Duration = .seconds(30),
        during: @escaping @Sendable () async -> Void = {}
    ) async -> Result<APDU.Response, SmartCardError> {
        do throws(SmartCardError) {
            return try await reader.withCard { card in
                await during()
                do throws(SmartCardError) {
                    return .success(try await card.exchange(command, deadline: deadline))
                } catch {
                    return .failure(error)
                }
            }
        } catch {
            return .failure(error)
        }
    }

    /// Whether a session with the card works.
    func works() async -> Bool { (try? await transmit().get().data.count) == 4 }
}
