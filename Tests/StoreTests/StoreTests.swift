import Foundation
import GRDB
import Testing
import TestSupport

@testable import Store

@Suite("Store")
struct StoreTests {
    private let folder = TemporaryFolder()

    private func open(_ modules: [StoreModule] = [notes]) throws -> Store {
        try Store(
            file: folder.url.appending(path: "kiosk.sqlite"), modules: modules, now: { Date(milliseconds: 1_000) })
    }

    private static let notes = StoreModule(
        name: "Notes", migrations: [.init("001 notes", sql: "CREATE TABLE note (text TEXT NOT NULL UNIQUE) STRICT")])

    @Test("the writer commits with synchronous=FULL in WAL mode, and foreign keys count")
    func durability() async throws {
        let store = try open()
        let (synchronous, journal, keys) = try await store.write { transaction in
            (
                try Int.fetchOne(transaction.database, sql: "PRAGMA synchronous"),
                try String.fetchOne(transaction.database, sql: "PRAGMA journal_mode"),
                try Int.fetchOne(transaction.database, sql: "PRAGMA foreign_keys")
            )
        }
        #expect(synchronous == 2)
        #expect(journal == "wal")
        #expect(keys == 1)
    }

    @Test("the file is for this user only")
    func mode() throws {
        let store = try open()
        let attributes = try FileManager.default.attributesOfItem(atPath: store.file.path)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
    }

    @Test("the event log can't be changed", arguments: ["UPDATE event SET name = 'x'", "DELETE FROM event"])
    func appendOnly(_ sql: String) async throws {
        let store = try open()
        try await store.write { try $0.append(EventName("note.added")) }
        await #expect(throws: StoreError.self) { try await store.write { try $0.database.execute(sql: sql) } }
        #expect(try await store.events().map(\.name) == [EventName("note.added")])
    }

    @Test(
        "a fact is a code, never text",
        arguments: [
            ("1.001193", true), ("2.000635.000.00.00.H21", true), ("priority", true), ("TAM-261124-7K3QXB", true),
            ("", false),
            ("Nguyễn Văn A", false), ("Nguyen Van A", false), ("052090001234", false), ("a\n", false),
            (String(repeating: "a", count: 65), false),
        ])
    func codes(_ text: String, _ accepted: Bool) async throws {
        let store = try open()
        let append = { @Sendable (transaction: Store.Transaction) in
            try transaction.append(EventName("test.code"), ["fact": .code(text)])
        }
        if accepted {
            try await store.write(append)
        } else {
            await #expect(throws: EventError.notACode(fact: "fact")) { try await store.write(append) }
        }
        #expect(try await store.events().count == (accepted ? 1 : 0))
    }

    @Test("a transaction is whole or nothing: rows, events, outbox, and what follows a commit")
    func atomic() async throws {
        struct Stop: Error {}
        let store = try open()
        let followed = Counter()
        let before = store.commitCount
        await #expect(throws: Stop.self) {
            try await store.write { transaction in
                try transaction.database.execute(sql: "INSERT INTO note VALUES ('a')")
                try transaction.append(EventName("note.added"))
                try transaction.enqueue(UUID(), kind: "note")
                transaction.afterCommit { followed.add() }
                throw Stop()
            }
        }
        #expect(store.commitCount == before)
        #expect(followed.value == 0)
        #expect(try await store.outbox().isEmpty)
        #expect(try await store.events().isEmpty)

        try await store.write { transaction in
            try transaction.database.execute(sql: "INSERT INTO note VALUES ('a')")
            transaction.afterCommit { followed.add() }
        }
        #expect(followed.value == 1)
    }

    @Test("only transactions that changed something count as commits")
    func commits() async throws {
        let store = try open()
        #expect(store.commitCount == 0)
        _ = try await store.write { try $0.value(for: "nothing") }
        #expect(store.commitCount == 0)
        for value in ["a", "b"] { try await store.write { try $0.set(value, for: "key") } }
        #expect(store.commitCount == 2)
        #expect(try await store.write { try $0.value(for: "key") } == "b")
    }

    @Test("a full disk is a clear error with a remedy, nothing is half written, and work goes on when there is room")
    func diskFull() async throws {
        let store = try open()
        let pages = try await store.write { try Int.fetchOne($0.database, sql: "PRAGMA page_count") ?? 0 }
        try await store.write { try $0.database.execute(sql: "PRAGMA max_page_count = \(pages + 2)") }
        let write = { @Sendable (transaction: Store.Transaction) in
            try transaction.append(EventName("note.added"))
            try transaction.enqueue(UUID(), kind: "note")
            try transaction.database.execute(
                sql: "INSERT INTO note VALUES (?)", arguments: [String(repeating: "x", count: 100_000)])
        }
        let error = await #expect(throws: StoreError.self) { try await store.write(write) }
        #expect(error?.kind == .diskFull)
        #expect(error?.description.contains("Free space") == true)
        #expect(try await store.events().isEmpty)
        #expect(try await store.outbox().isEmpty)

        try await store.write { try $0.database.execute(sql: "PRAGMA max_page_count = 1000000") }
        try await store.write(write)
        #expect(try await store.outbox().count == 1)
    }

    @Test("tables come up to date in the order of the modules, once")
    func migrations() async throws {
        let more = StoreModule(
            name: "Notes",
            migrations: Self.notes.migrations + [.init("002 colour", sql: "ALTER TABLE note ADD COLUMN colour TEXT")])
        let dependent = StoreModule(
            name: "Tags",
            migrations: [.init("001 tags", sql: "CREATE TABLE tag (note TEXT REFERENCES note (text)) STRICT")])
        try await open().write { try $0.database.execute(sql: "INSERT INTO note VALUES ('kept')") }
        for _ in 0..<2 {
            let kept = try await open([more, dependent]).read { database in
                try String.fetchAll(database, sql: "SELECT text FROM note WHERE colour IS NULL")
            }
            #expect(kept == ["kept"])
        }
    }

    @Test("a file of a newer version is left alone")
    func newer() throws {
        _ = try open()
        let error = #expect(throws: StoreError.self) { try open([]) }
        #expect(error?.kind == .newerSchema)
    }

    @Test("a file that is no database is named, with what to do")
    func notADatabase() throws {
        let file = folder.url.appending(path: "kiosk.sqlite")
        try Data(repeating: 0x55, count: 8192).write(to: file)
        let error = #expect(throws: StoreError.self) { try open() }
        #expect(error?.kind == .corrupt)
        #expect(error?.description.contains(file.path) == true)
    }

    @Test("the outbox: waits, is postponed, parked, put back, sent")
    func outbox() async throws {
        let store = try open()
        let id = UUID()
        let signals = store.outboxSignals()
        try await store.write { try $0.enqueue(id, kind: "note") }
        var iterator = signals.makeAsyncIterator()
        #expect(await iterator.next() != nil)

        try await store.write { try $0.postpone(id, until: Date(milliseconds: 9_000), reason: "unreachable") }
        var record = try #require(try await store.outbox().first)
        #expect(
            record.attempts == 1 && record.nextAttemptAt == Date(milliseconds: 9_000) && record.reason == "unreachable")

        try await store.write { try $0.park(id, reason: "refused") }
        record = try #require(try await store.outbox().first)
        #expect(record.state == .parked && record.reason == "refused")
        #expect(try await store.outboxCount(.pending) == 0)

        try await store.write { try $0.requeue(id) }
        try await store.write { try $0.markSent(id) }
        #expect(try await store.outbox().isEmpty)
        #expect(try await store.outbox(states: [.sent]).map(\.id) == [id])
    }
}
