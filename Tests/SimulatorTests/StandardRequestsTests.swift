import Simulator
import Testing
import USB

@Suite("Standard requests")
struct StandardRequestsTests {
    static let descriptors = USBDescriptorSet(
        device: [18, 1, 0, 2, 0, 0, 0, 64, 1, 2, 3, 4, 5, 6, 1, 2, 3, 1],
        configuration: [9, 2, 34, 0, 1, 1, 0, 0x80, 50] + [9, 4, 0, 0, 1, 3, 0, 0, 0] + [
            9, 0x21, 0x11, 1, 0, 1, 0x22, 4, 0,
        ]
            + [7, 5, 0x81, 3, 8, 0, 10],
        strings: [1: "Ấ"], hidReports: [0: [1, 2, 3, 4]])

    static func setup(_ type: UInt8, _ request: UInt8, _ value: UInt16, _ index: UInt16 = 0, _ length: UInt16 = 255)
        -> USBSetup
    {
        USBSetup(requestType: type, request: request, value: value, index: index, length: length)
    }

    @Test(
        "descriptors are answered, cut to what was asked for",
        arguments: [
            (setup(0x80, 6, 0x0100, 0, 8), StandardRequests.Answer.done([18, 1, 0, 2, 0, 0, 0, 64])),
            (setup(0x80, 6, 0x0300), .done([4, 3, 9, 4])),
            (setup(0x80, 6, 0x0301, 0x0409), .done([4, 3, 0xA4, 0x1E])),
            (setup(0x80, 6, 0x0309, 0x0409), .stall),
            (setup(0x80, 6, 0x0600), .stall),
            (setup(0x81, 6, 0x2200, 0), .done([1, 2, 3, 4])),
            (setup(0x81, 6, 0x2100, 0), .done([9, 0x21, 0x11, 1, 0, 1, 0x22, 4, 0])),
            (setup(0x81, 6, 0x2200, 5), .stall),
            (setup(0x80, 0, 0, 0, 2), .done([1, 0])),
            (setup(0x00, 5, 12, 0, 0), .done([])),
            (setup(0x00, 9, 1, 0, 0), .reset),
            (setup(0x00, 9, 2, 0, 0), .stall),
            (setup(0x01, 11, 0, 0, 0), .done([])),
            (setup(0x01, 11, 1, 0, 0), .stall),
            (setup(0x21, 9, 0x0200, 0, 3), .device),
            (setup(0xC0, 1, 0, 0, 3), .device),
            (setup(0x23, 3, 4, 0, 0), .reset),
        ])
    func answers(_ setup: USBSetup, _ answer: StandardRequests.Answer) throws {
        var requests = try StandardRequests(Self.descriptors)
        #expect(requests.answer(setup) == answer)
    }

    @Test("a halt lasts until CLEAR_FEATURE or a new configuration, and GET_STATUS shows it")
    func halts() throws {
        var requests = try StandardRequests(Self.descriptors)
        requests.halt(0x81)
        #expect(requests.answer(Self.setup(0x82, 0, 0, 0x81, 2)) == .done([1, 0]))
        #expect(requests.answer(Self.setup(0x02, 1, 0, 0x81, 0)) == .done([]))
        #expect(!requests.isHalted(0x81))
        requests.halt(0x81)
        #expect(requests.answer(Self.setup(0x00, 9, 1, 0, 0)) == .reset)
        #expect(!requests.isHalted(0x81))
    }
}
