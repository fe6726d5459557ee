import Control
import Foundation
import GRDB
import HallQueue
import Journey
import Store
import TestSupport
import Testing

@Suite("The disk is full", .timeLimit(.minutes(5)))
struct FullDiskTests {
    @Test(
        "while the outbox is written: the screen says so, the answers stay, and later there is one ticket, one dossier")
    func outbox() async throws {
        try await WholeKiosk.run { kiosk in
            try await expectOneOfEach(kiosk, "en") {
                try await kiosk.fillDatabase(onInsertInto: "outbox")
            } free: {
                try await kiosk.makeRoomInDatabase()
            }
        }
    }

    @Test(
        "a disk without a byte left: the screen says so, the answers stay, and later there is one ticket, one dossier",
        .enabled(if: TinyDisk.isPossible, "needs the right to mount a tmpfs"))
    func wholeDisk() async throws {
        let disk = try TinyDisk(kilobytes: 16_384)
        try await WholeKiosk.run(data: disk.url.appending(path: "data")) { kiosk in
            try await expectOneOfEach(kiosk, "vi") {
                try disk.fill()
            } free: {
                try disk.empty()
            }
        }
    }

    @Test("the proof of a printed ticket is written down as soon as there is room")
    func proof() async throws {
        try await WholeKiosk.run { kiosk in
            let applicant = kiosk.applicant()
            try await kiosk.fillDatabase(onUpdateOf: "proof")
            try await applicant.takeTicket()
            try await applicant.see("the proof") { $0.id == "ticket" && $0.offers("finish") }
            try await applicant.touch("finish")
            #expect(try await kiosk.queue.tickets().map(\.state) == [.reserved])
            try await kiosk.makeRoomInDatabase()
            try await eventually("the ticket waits") { try await kiosk.queue.tickets().first?.state == .waiting }
            #expect(try await kiosk.queue.tickets().map(\.proof) == [.printed])
        }
    }

    @Test("a paper that can't be written down is not begun: the number stands on the screen, and is printed later")
    func journal() async throws {
        try await WholeKiosk.run { kiosk in
            let applicant = kiosk.applicant()
            try await kiosk.fillDatabase(onUpdateOf: "paper_state")
            try await applicant.takeTicket()
            try await applicant.see("the number") { $0.offers("confirm") && $0.ticket?.qr != nil }
            #expect(await kiosk.simulator.printer.slips.isEmpty)
            try await kiosk.makeRoomInDatabase()
            try await applicant.see("the offer") { $0.offers("reprint") }
            try await applicant.touch("reprint")
            try await applicant.see("the proof") { $0.offers("finish") }
            try await eventually("the ticket waits") { try await kiosk.queue.tickets().map(\.proof) == [.printed] }
            #expect(await kiosk.simulator.printer.slips.count == 1)
        }
    }

    @Test(
        "a disk that is full while a page is scanned: the screen says so, and with room the scan works",
        .enabled(if: TinyDisk.isPossible, "needs the right to mount a tmpfs"))
    func scan() async throws {
        let disk = try TinyDisk(kilobytes: 16_384)
        try await WholeKiosk.run(data: disk.url.appending(path: "data")) { kiosk in
            let applicant = kiosk.applicant()
            try await applicant.declare("en")
            try disk.fill()
            let full = try await applicant.scan()
            #expect(full.notice?.text == (try kiosk.text("scan.error.disk-full", "en")))
            #expect(try await !kiosk.doctor("disk").ok)
            try disk.empty()
            let shown = try await applicant.scan()
            #expect(shown.pages("birth-certificate") > 0)
            #expect(shown.notice == nil)
        }
    }

    private func expectOneOfEach(
        _ kiosk: WholeKiosk, _ language: String, fill: () async throws -> Void, free: () async throws -> Void
    ) async throws {
        let applicant = kiosk.applicant()
        try await applicant.declareAndScan(language)
        let before = try await applicant.screen()
        try await fill()
        try await applicant.submit()
        let failed = try await applicant.see("what is wrong") { $0.notice?.kind == .error }
        #expect(failed.id == "review")
        #expect(failed.notice?.text == (try kiosk.text("submit.error.disk-full", language)))
        #expect(failed.blocks == before.blocks)
        #expect(try await kiosk.queue.tickets().isEmpty)
        #expect(try kiosk.sealedFiles().isEmpty)

        try await free()
        try await applicant.submit()
        try await applicant.see("the proof") { $0.id == "ticket" && $0.offers("finish") }
        try await eventually("the ticket waits") { try await kiosk.queue.tickets().map(\.state) == [.waiting] }
        let dossiers = kiosk.dossiers
        try await eventually("the receipt is there") { try await dossiers.list().first?.receipt != nil }
        #expect(try await dossiers.list().count == 1)
        #expect(try await kiosk.queue.tickets().count == 1)
    }
}

extension WholeKiosk {
    /// From now on writing to the table needs more room than the database may take: SQLite answers SQLITE_FULL.
    func fillDatabase(onInsertInto table: String) async throws { try await fillDatabase("INSERT ON \(table)") }

    /// - Parameter column: one of the tickets'.
    func fillDatabase(onUpdateOf column: String) async throws {
        try await fillDatabase("UPDATE OF \(column) ON ticket")
    }

    private func fillDatabase(_ occasion: String) async throws {
        try await store.write { transaction in
            try transaction.database.execute(
                sql: """
                    CREATE TABLE filler (bytes BLOB);
                    CREATE TRIGGER fills AFTER \(occasion)
                    BEGIN INSERT INTO filler VALUES (zeroblob(100000)); END;
                    """)
        }
        // No more pages than there are; smaller than that SQLite does not make it.
        try await store.write { _ = try Int.fetchOne($0.database, sql: "PRAGMA max_page_count = 1") }
    }

    func makeRoomInDatabase() async throws {
        try await store.write { transaction in
            _ = try Int.fetchOne(transaction.database, sql: "PRAGMA max_page_count = 1000000")
            try transaction.database.execute(sql: "DROP TRIGGER fills; DROP TABLE filler;")
        }
    }
}
