import SmartCard
import Testing

@testable import IdentityCard

@Suite("The text of a card trace")
struct CardTraceTextTests {
    @Test("bytes with runs are written and read again")
    func hex() {
        let cases: [([UInt8], String)] = [
            ([], ""), ([0, 0xAB], "00AB"), ([UInt8](repeating: 0, count: 15), String(repeating: "00", count: 15)),
            ([1] + [UInt8](repeating: 0x5A, count: 300) + [2], "01(5Ax300)02"),
        ]
        for (bytes, text) in cases {
            #expect(HexText.encode(bytes) == text)
            #expect(HexText.decode(text) == bytes)
        }
    }

    @Test(
        "what nobody writes is refused, and a run has an end",
        arguments: ["0", "0G", "(00x", "(00x)", "(00x99999999)", "(0x16)", "(00x-1)", "+1", "(00x16", "00x16)"])
    func badHex(_ text: String) { #expect(HexText.decode(text) == nil) }

    @Test("commands of all cases come back from their bytes")
    func commands() {
        for data in [0, 1, 255, 256, 4000] {
            for le in [nil, 1, 256, 257, 65_536] {
                let command = APDU.Command(
                    cla: 0x0C, ins: 0xB0, p1: 1, p2: 2, data: [UInt8](repeating: 7, count: data), le: le)
                #expect(APDU.Command(bytes: command.bytes) == command, "\(data) \(le ?? 0)")
            }
        }
        for bytes: [UInt8] in [[], [0, 1, 2], [0, 1, 2, 3, 5, 1], [0, 1, 2, 3, 0, 0], [0, 1, 2, 3, 0, 0, 9, 1]] {
            #expect(APDU.Command(bytes: bytes) == nil)
        }
    }

    private static let header = """
        {"kind":"header","header":{"format":1,"kioskVersion":"1","time":"2026-01-01T00:00:00Z","reader":"r",\
        "answerToReset":"3B","maximumCommandLength":261,"key":{"access":"PACE-CAN","basicAccessInputs":2},"needs":[],\
        "masked":true}}
        """
    private static let end = #"{"kind":"end","outcome":{"groups":[]}}"#

    @Test("every kind of event is read as it was written")
    func events() throws {
        let exchanges: [CardExchange.Outcome] = [
            .answered(.init(data: [1, 2], status: .success)), .sessionLost(.init(0x6988)), .failed(.removed),
            .failed(.reader("why")), .failed(.busy(nil)), .unprotectable("how"), .unusable("what"),
        ]
        var trace = try CardTrace(text: Self.header + "\n" + Self.end)
        trace.events =
            exchanges.map {
                .exchange(
                    TracedExchange(
                        CardExchange(
                            command: .init(ins: 0xB0, p1: 0, p2: 0, le: 8), outcome: $0, isProtected: true,
                            began: .milliseconds(5), took: .microseconds(1500)), transmissions: 2, bytes: 30))
            } + [
                .run(CardProtocolRun("PACE", outcome: "established", cipher: .aes192)),
                .run(CardProtocolRun("BAC", outcome: "rejected 6A80")), .reset(nil), .reset(.timedOut),
            ]
        #expect(try CardTrace(text: try trace.text()) == trace)
    }

    @Test("damaged texts are refused, with the line")
    func damaged() {
        func failure(_ text: String) -> CardTrace.Failure? {
            do throws(CardTrace.Failure) {
                _ = try CardTrace(text: text)
                return nil
            } catch {
                return error
            }
        }
        #expect(failure("") == .incomplete)
        #expect(failure(Self.header) == .incomplete)
        #expect(failure(Self.header + "\nhello\n" + Self.end) == .line(2, "is not a line of a card trace"))
        #expect(
            failure(Self.header + "\n" + #"{"kind":"exchange","command":"00"}"# + "\n" + Self.end)
                == .line(2, "says nothing that is known"))
        #expect(failure(Self.header.replacing(#""format":1"#, with: #""format":2"#) + "\n" + Self.end) == .format(2))
        #expect(failure(String(repeating: "{}\n", count: 30_000)) == .tooLong)
    }

    @Test("an empty trace of a card that was opened by nothing replays to a clear end")
    func empty() async throws {
        let replay = try await CardTrace(text: Self.header + "\n" + Self.end).replay()
        #expect(!replay.isSame && replay.outcome.error == "unreadable" && replay.missing != nil)
    }
}
