import NIOCore
import Testing

@testable import Web

@Suite struct GuardTests {
    @Test(
        "only the kiosk's own pages, or a program that is no browser, can post",
        arguments: [
            ([:], 200),
            (["Sec-Fetch-Site": "same-origin"], 200),
            (["Origin": "http://127.0.0.1:PORT", "Sec-Fetch-Site": "same-origin"], 200),
            (["Sec-Fetch-Site": "cross-site"], 403),
            (["Sec-Fetch-Site": "same-site"], 403),
            (["Sec-Fetch-Site": "none"], 403),
            (["Origin": "http://127.0.0.1:1"], 403),
            (["Origin": "http://example.com"], 403),
            (["Origin": "null"], 403),
        ])
    func origin(headers: [String: String], status: Int) async throws {
        try await withWeb { web in
            let headers = headers.mapValues { $0.replacingOccurrences(of: "PORT", with: "\(web.port)") }
            #expect(try await web.act("next", revision: 7, headers: headers).status == status)
            #expect(await web.touchscreen.actions.count == (status == 200 ? 1 : 0))
            let call = try await web.request(.POST, "/api/counter/1/call-next", headers: headers)
            #expect(call.status == status)
        }
    }

    @Test(
        "a name that is not the kiosk's is refused, so that no site can pose as it",
        arguments: [
            ("127.0.0.1:8480", true), ("localhost", true), ("LOCALHOST:8480", true), ("192.168.1.20:80", true),
            ("[::1]:8480", true), ("kiosk.hall.example:8480", true), ("evil.example", false), ("", false),
            ("127.0.0.1.evil.example", false), ("localhost.evil.example:8480", false), ("[::1", false),
        ])
    func host(authority: String, accepted: Bool) {
        #expect(HostGuard(names: ["Kiosk.Hall.Example"]).accepts(authority) == accepted)
    }

    @Test("a request by another name gets nothing")
    func otherHost() async throws {
        try await withWeb { web in
            let answer = try await web.request(.GET, "/api/kiosk/screen", headers: ["Host": "evil.example"])
            #expect(answer.status == 421)
            #expect(try answer.decode(RunningWeb.Fault.self).code == "unknown-host")
        }
    }

    @Test(
        "the touchscreen answers to its own machine only",
        arguments: [
            ("127.0.0.1", true), ("127.8.9.1", true), ("::1", true), ("::ffff:127.0.0.1", true),
            ("192.168.1.20", false), ("10.127.0.1", false), ("::ffff:10.0.0.1", false), ("fe80::1", false),
        ])
    func machine(address: String, accepted: Bool) throws {
        let address = try SocketAddress(ipAddress: address, port: 1)
        #expect(ThisMachineGuard.isThisMachine(address) == accepted)
        #expect(ThisMachineGuard.isThisMachine(nil) == false)
    }
}
