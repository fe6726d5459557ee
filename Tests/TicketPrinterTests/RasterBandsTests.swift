import Foundation
import Simulator
import Testing

@testable import TicketPrinter

@Suite("pictures as bands of few bytes")
struct RasterBandsTests {
    /// Numbers that are the same in every run.
    private struct Noise {
        var state: UInt64

        mutating func next(_ limit: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % limit
        }
    }

    /// Blank stretches, lines and noise, as on tickets, and harder.
    private static func picture(_ seed: UInt64, width: Int) throws -> MonochromeBitmap {
        var noise = Noise(state: seed)
        let rowBytes = width / 8
        var bytes: [UInt8] = []
        for _ in 0..<(1 + noise.next(12)) {
            let (rows, reach, kind) = (1 + noise.next(300), noise.next(rowBytes + 1), noise.next(3))
            for _ in 0..<rows {
                var row = [UInt8](repeating: 0, count: rowBytes)
                for x in 0..<reach where kind > 0 { row[x] = kind == 1 ? 0xFF : UInt8(noise.next(256)) }
                bytes += row
            }
        }
        return try #require(MonochromeBitmap(width: width, height: bytes.count / rowBytes, bytes: bytes))
    }

    /// What another reader of the commands puts on paper, without what the cut feeds.
    private static func paper(_ pieces: [[UInt8]], width: Int, rows: Int) async throws -> [UInt8] {
        var model = PrinterModel()
        model.width = width
        let device = TicketPrinterDevice(model: model)
        for piece in pieces { try await device.receive(endpoint: 0x01, piece) }
        #expect(await device.unknownCommands.isEmpty)
        let slip = try #require(await device.slips.first)
        #expect(slip.bytes.dropFirst(rows * width / 8).allSatisfy { $0 == 0 })
        return [UInt8](slip.bytes.prefix(rows * width / 8))
    }

    @Test(
        "the simulator, which reads the commands by itself, gets exactly the picture's dots",
        arguments: 1...20 as ClosedRange<UInt64>, [384, 576])
    func exact(_ seed: UInt64, _ width: Int) async throws {
        let bitmap = try Self.picture(seed, width: width)
        for (height, bytes) in [(128, 4096), (8, 512), (255, 65_535), (24, 1024)] {
            let pieces =
                RasterBands.pieces(bitmap, height: height, bytes: bytes) + [[0x1D, 0x56, 66, 0]]
            #expect(try await Self.paper(pieces, width: width, rows: bitmap.height) == bitmap.bytes)
        }
    }

    @Test(
        "no band is taller or heavier than the printer takes, and together they are every row once",
        arguments: 1...20 as ClosedRange<UInt64>)
    func bounds(_ seed: UInt64) throws {
        let bitmap = try Self.picture(seed, width: 576)
        for (height, bytes) in [(128, 4096), (8, 512), (255, 65_535)] {
            let bands = RasterBands.plan(bitmap, height: height, bytes: bytes)
            var row = 0
            for band in bands {
                #expect(band.top == row && (1...height).contains(band.rows) && (1...72).contains(band.width))
                #expect(band.rows * band.width <= bytes)
                row += band.rows
            }
            #expect(row == bitmap.height)
        }
    }

    @Test("blank rows cost a byte each, blank columns at the right nothing")
    func small() throws {
        let blank = try #require(MonochromeBitmap(width: 576, height: 400, bytes: [UInt8](repeating: 0, count: 28_800)))
        #expect(RasterBands.pieces(blank, height: 128, bytes: 4096).joined().count == 400 + 4 * 8)
        var bytes = [UInt8](repeating: 0, count: 28_800)
        for row in 0..<400 { bytes[row * 72] = 0x80 }
        let left = try #require(MonochromeBitmap(width: 576, height: 400, bytes: bytes))
        #expect(RasterBands.pieces(left, height: 128, bytes: 4096).joined().count == 400 + 4 * 8)
    }

    @Test(
        "a ticket is smaller than its picture, and each piece begins and ends with whole commands",
        arguments: TicketDrawingTests.papers)
    func ticket(_ paper: PaperWidth) async throws {
        let bitmap = try TicketDrawing(paper: paper).draw(Samples.ticket)
        let pieces = ESCPOS.ticket(bitmap, capabilities: PrinterCapabilities(paper: paper))
        #expect(pieces.joined().count < bitmap.bytes.count * 7 / 10)
        #expect(pieces.allSatisfy { $0.count <= 16_384 + 16 })
        #expect(pieces[0].prefix(5) == [0x1B, 0x40, 0x1D, 0x76, 0x30])
        #expect(pieces.dropFirst().allSatisfy { $0.prefix(3) == [0x1D, 0x76, 0x30] })
        #expect(try await Self.paper(pieces, width: paper.dots, rows: bitmap.height) == bitmap.bytes)
    }

    @Test(
        "a printer without a cutter feeds the ticket past its edge",
        arguments: [PrinterCapabilities.Cut.none, .partial, .full])
    func ends(_ cut: PrinterCapabilities.Cut) throws {
        let bitmap = try #require(MonochromeBitmap(width: 8, height: 1, bytes: [0xFF]))
        let bytes = ESCPOS.ticket(bitmap, capabilities: PrinterCapabilities(cut: cut)).joined()
        switch cut {
        case .none: #expect(bytes.suffix(3) == [0x1B, 0x64, 5])
        case .partial: #expect(bytes.suffix(4) == [0x1D, 0x56, 66, 24])
        case .full: #expect(bytes.suffix(4) == [0x1D, 0x56, 65, 24])
        }
    }
}
