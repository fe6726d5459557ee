import Testing

@Suite("Random fault scripts") struct FaultScriptTests {
    private static let seed: UInt64 = 20_261_125
    private static let count = 10_000
    private static let parts = 8

    @Test(
        "no ghost ticket, no second paper without IN LẠI, no lost ticket, whatever goes wrong whenever",
        arguments: 0..<parts)
    func scripts(_ part: Int) {
        var (printed, late) = (0, 0)
        for index in stride(from: part, to: Self.count, by: Self.parts) {
            let seed = Self.seed + UInt64(index)
            var script = FaultScript(seed: seed)
            script.run()
            printed += script.printed
            late += script.provedLate
            guard script.broken.isEmpty else {
                Issue.record(
                    """
                    seed \(seed): \(script.broken.joined(separator: "; "))
                    \(script.log.joined(separator: "\n"))
                    """)
                return
            }
        }
        // The scripts reach what they are about.
        #expect(printed > Self.count / Self.parts / 2)
        #expect(late > Self.count / Self.parts / 100)
    }
}
