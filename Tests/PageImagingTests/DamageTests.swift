import PageImaging
import Peripherals
import ScanCorpus
import Testing

@Suite("Files that are no pages")
struct DamageTests {
    static let sound: [UInt8] = {
        var page = CorpusPage("small", .letter(size: 12, sentences: 3), seed: 70)
        page.conditions.resolution = 100
        return (try? page.scan().jpeg) ?? []
    }()

    static let damages: [(name: String, make: @Sendable ([UInt8]) -> [UInt8])] = [
        ("nothing", { _ in [] }),
        ("text", { _ in Array("not a picture".utf8) }),
        ("only the first bytes", { Array($0.prefix(20)) }),
        ("cut in the middle", { Array($0.prefix($0.count / 2)) }),
        ("without its end", { Array($0.dropLast(200)) }),
        ("zeros in the middle", { $0.prefix($0.count / 2) + [UInt8](repeating: 0, count: 400) + $0.suffix(20) }),
        ("65,535 pixels high", { size($0, high: 0xFF, low: 0xFF) }),
        ("no pixels high", { size($0, high: 0, low: 0) }),
        ("twice as high as its data", { size($0, high: 0x0A, low: 0) }),
    ]

    /// Changes the height in the start of frame (ITU-T T.81, B.2.2).
    private static func size(_ jpeg: [UInt8], high: UInt8, low: UInt8) -> [UInt8] {
        var jpeg = jpeg
        guard let frame = jpeg.indices.dropLast(9).first(where: { jpeg[$0] == 0xFF && jpeg[$0 + 1] == 0xC0 }) else {
            return jpeg
        }
        (jpeg[frame + 5], jpeg[frame + 6]) = (high, low)
        return jpeg
    }

    @Test("damage is an answer, not a crash", arguments: damages.indices)
    func damage(_ index: Int) throws {
        let file = Self.damages[index].make(Self.sound)
        #expect(Self.sound.count > 10_000)
        do {
            _ = try PagePreparation().prepare(file, resolution: 100)
            Issue.record("\(Self.damages[index].name) passed for a page")
        } catch {
            guard case .badPicture = error else {
                Issue.record("\(Self.damages[index].name): \(error)")
                return
            }
        }
    }

    @Test("a resolution that no scanner has is refused", arguments: [-1, 0, 10, 5_000])
    func resolution(_ resolution: Int) {
        #expect(throws: PageError.badPicture("\(resolution) dpi")) {
            try PagePreparation().prepare(Self.sound, resolution: resolution)
        }
    }
}
