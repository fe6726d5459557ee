import CentralProtocol
import Crypto
import Foundation
import Testing

@testable import CentralSync

@Suite("Sync machine")
struct SyncMachineTests {
    private let key = Curve25519.Signing.PrivateKey()
    private let commit = DossierCommit(
        dossier: UUID(), manifestSHA256: String(repeating: "1", count: 64),
        sealedSHA256: String(repeating: "2", count: 64),
        sealedBytes: 250)
    private let path = "/v1/uploads/abc"

    private var machine: SyncMachine {
        SyncMachine(
            commit: commit,
            keys: CentreKeys(
                sealing: Curve25519.KeyAgreement.PrivateKey().publicKey.rawRepresentation,
                receipt: key.publicKey.rawRepresentation), chunkBytes: 100)
    }

    private var create: SyncStep {
        .send(.create(UploadMetadata(dossier: commit.dossier, sealedSHA256: commit.sealedSHA256), sealedBytes: 250))
    }

    private func answer(_ status: Int, location: String? = nil, offset: Int? = nil, _ body: some Encodable) throws
        -> SyncReply
    {
        .answer(.init(status: status, location: location, offset: offset, body: try JSONEncoder().encode(body)))
    }
    private func answer(_ status: Int, location: String? = nil, offset: Int? = nil) -> SyncReply {
        .answer(.init(status: status, location: location, offset: offset))
    }
    private func problem(_ code: CentreProblem.Code, _ status: Int) throws -> SyncReply {
        try answer(status, CentreProblem(code, "", status: status))
    }

    /// Brought to where it has asked for the offset.
    private func asked() -> SyncMachine {
        var machine = machine
        _ = machine.start()
        _ = machine.receive(answer(201, location: path))
        return machine
    }

    @Test("the whole way")
    func whole() throws {
        var machine = machine
        #expect(machine.start() == create)
        #expect(machine.receive(answer(201, location: path)) == .send(.offset(path: path)))
        #expect(machine.receive(answer(200, offset: 0)) == .send(.append(path: path, offset: 0, count: 100)))
        #expect(machine.receive(answer(204, offset: 100)) == .send(.append(path: path, offset: 100, count: 100)))
        #expect(machine.receive(answer(204, offset: 200)) == .send(.append(path: path, offset: 200, count: 50)))
        #expect(machine.receive(answer(204, offset: 250)) == .send(.commit(commit)))
        let receipt = try SignedReceipt(
            signing: Receipt(
                dossier: commit.dossier, code: "c", manifestSHA256: commit.manifestSHA256,
                sealedSHA256: commit.sealedSHA256, receivedAtMs: 1), with: key)
        #expect(try machine.receive(answer(200, receipt)) == .end(.done(receipt)))
        #expect(machine.receive(answer(200)) == .end(.later(.unexpectedAnswer("an answer nobody asked for"))))
    }

    @Test("goes on where the centre stands", arguments: [(0, 100), (100, 100), (201, 49), (249, 1)])
    func resumes(_ offset: Int, _ count: Int) {
        var machine = asked()
        #expect(
            machine.receive(answer(200, offset: offset)) == .send(.append(path: path, offset: offset, count: count)))
    }

    @Test("all bytes there: only the commit is left")
    func onlyCommit() {
        var machine = asked()
        #expect(machine.receive(answer(200, offset: 250)) == .send(.commit(commit)))
    }

    @Test("an offset that can't be is not believed", arguments: [-1, 251, Int.max])
    func badOffset(_ offset: Int) {
        var machine = asked()
        guard case .end(.later(.unexpectedAnswer)) = machine.receive(answer(200, offset: offset)) else {
            Issue.record("believed \(offset)")
            return
        }
    }

    @Test(
        "only an upload of the centre is followed",
        arguments: [
            ("/v1/uploads/abc", true), ("http://elsewhere.example/v1/uploads/abc", true), ("/v1/uploads/", false),
            ("/v1/uploads/../keys", false), ("/v1/uploads/a/b", false), ("/other/abc", false), ("", false),
            ("/v1/uploads/a%2fb", false), ("/v1/uploads/" + String(repeating: "a", count: 600), false),
        ])
    func location(_ location: String, _ followed: Bool) {
        var machine = machine
        _ = machine.start()
        let step = machine.receive(answer(201, location: location))
        if followed {
            #expect(step == .send(.offset(path: path)))
        } else {
            #expect(step == .end(.later(.unexpectedAnswer("no upload in Location"))))
        }
    }

    @Test(
        "who waits, who is parked",
        arguments: [
            (CentreProblem.Code.notEnrolled, 401, SyncEnd.later(.notEnrolled)),
            (.diskFull, 507, .later(.centreBusy(status: 507))), (.fault, 500, .later(.centreFault(status: 500))),
            (.differentBytes, 409, .park(.refused(.differentBytes))), (.malformed, 400, .park(.refused(.malformed))),
            (.tooLarge, 413, .park(.refused(.tooLarge))), (.refused, 422, .park(.refused(.refused))),
        ])
    func refusals(_ code: CentreProblem.Code, _ status: Int, _ end: SyncEnd) throws {
        var machine = machine
        _ = machine.start()
        #expect(try machine.receive(problem(code, status)) == .end(end))
    }

    @Test(
        "a status without a problem, as a proxy sends it, never parks",
        arguments: [
            (301, SyncTrouble.unexpectedAnswer("status 301")), (400, .unexpectedAnswer("status 400")),
            (403, .notEnrolled),
            (404, .unexpectedAnswer("status 404")), (429, .centreBusy(status: 429)), (500, .centreFault(status: 500)),
            (502, .centreBusy(status: 502)), (503, .centreBusy(status: 503)), (200, .unexpectedAnswer("status 200")),
        ])
    func bare(_ status: Int, _ trouble: SyncTrouble) {
        var machine = machine
        _ = machine.start()
        #expect(machine.receive(answer(status)) == .end(.later(trouble)))
    }

    @Test("an upload that is gone begins again, but not for ever")
    func restarts() throws {
        var machine = asked()
        for _ in 0..<SyncMachine.restartLimit {
            #expect(machine.receive(answer(404)) == create)
            #expect(machine.receive(answer(201, location: path)) == .send(.offset(path: path)))
        }
        #expect(machine.receive(answer(404)) == .end(.later(.centreFault(status: 404))))
    }

    @Test("bytes that keep arriving damaged end as such")
    func damaged() throws {
        var machine = asked()
        for _ in 0..<SyncMachine.restartLimit {
            #expect(machine.receive(answer(200, offset: 250)) == .send(.commit(commit)))
            #expect(try machine.receive(problem(.uploadDamaged, 409)) == create)
            #expect(machine.receive(answer(201, location: path)) == .send(.offset(path: path)))
        }
        _ = machine.receive(answer(200, offset: 250))
        #expect(try machine.receive(problem(.uploadDamaged, 409)) == .end(.later(.damagedOnTheWay)))
    }

    @Test("a wrong offset or a changed chunk asks again, but not for ever")
    func conflict() throws {
        var machine = asked()
        var step = machine.receive(answer(200, offset: 0))
        var asked = 0
        while case .send(let request) = step, asked < 100 {
            if case .offset = request {
                step = machine.receive(answer(200, offset: 0))
            } else {
                step = try machine.receive(problem(asked.isMultiple(of: 2) ? .offsetConflict : .checksumMismatch, 409))
            }
            asked += 1
        }
        #expect(step == .end(.later(.unexpectedAnswer("the offset never fits"))))
    }

    @Test("no answer means later; a file that can't be read is parked")
    func failures() {
        var machine = machine
        _ = machine.start()
        #expect(machine.receive(.failed("reset")) == .end(.later(.unreachable("reset"))))
        _ = machine.start()
        #expect(machine.receive(.sealedFileDamaged) == .end(.park(.sealedFileDamaged)))
    }
}

@Suite("Back-off")
struct BackoffTests {
    @Test(
        "doubles up to the limit; half of it is chance",
        arguments: [
            (1, 0.0, 500), (1, 1.0, 1000), (2, 1.0, 2000), (5, 1.0, 16_000), (9, 1.0, 256_000), (10, 1.0, 300_000),
            (1000, 1.0, 300_000), (1000, 0.0, 150_000), (0, 1.0, 1000), (1, 7.0, 1000),
        ])
    func delay(_ failures: Int, _ chance: Double, _ milliseconds: Int) {
        #expect(Backoff().delay(failures: failures, chance: chance) == .milliseconds(milliseconds))
    }
}
