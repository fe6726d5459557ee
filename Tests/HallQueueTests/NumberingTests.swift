import Foundation
import GRDB
import Store
import Testing

@testable import HallQueue

@Suite("Numbers")
struct NumberingTests {
    @Test("many at once get each number once, without gaps, also from two programs on one file")
    func concurrent() async throws {
        let hall = try HallFixture()
        let second = try hall.reopened()
        let numbers = try await withThrowingTaskGroup(of: Int.self) { group in
            for index in 0..<60 {
                let queue = index.isMultiple(of: 2) ? hall.queue : second
                group.addTask { try await queue.reserve(TicketRequest(key: UUID(), queueClass: "ordinary")).number }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(numbers.sorted() == Array(1...60))
    }

    @Test("the database itself refuses a number twice")
    func unique() async throws {
        let hall = try HallFixture()
        let ticket = try await hall.waiting()
        await #expect(throws: StoreError.self) {
            try await hall.store.write { transaction in
                try transaction.database.execute(
                    sql: """
                        INSERT INTO ticket (id, key, hall, business_date, series, number, class, state, issued_at_ms)
                        VALUES ('x', 'y', ?, ?, ?, ?, 'ordinary', 'reserved', 0)
                        """,
                    arguments: [ticket.hall, ticket.businessDate, ticket.series, ticket.number])
            }
        }
    }

    @Test("asking again with the same key gives the same ticket, also after a restart")
    func idempotent() async throws {
        let hall = try HallFixture()
        let request = TicketRequest(key: UUID(), queueClass: "priority", procedure: "1.001193", dossier: "TAM-1")
        let first = try await hall.queue.reserve(request)
        let again = try await hall.queue.reserve(request)
        let later = try await hall.reopened().reserve(request)
        #expect(first == again && first == later)
        #expect(first.label == "B001" && first.procedure == "1.001193" && first.dossier == "TAM-1")
        #expect(try await hall.queue.tickets().count == 1)
    }

    @Test("the number belongs to the caller's transaction: when that fails, the number is free again")
    func rolledBack() async throws {
        struct Stop: Error {}
        let hall = try HallFixture()
        let queue = hall.queue
        await #expect(throws: Stop.self) {
            try await hall.store.write { transaction -> Void in
                _ = try queue.reserve(TicketRequest(key: UUID(), queueClass: "ordinary"), in: transaction)
                throw Stop()
            }
        }
        #expect(try await hall.waiting().label == "A001")
    }

    @Test("at midnight in Viet Nam numbers begin again, and nobody of yesterday is called")
    func midnight() async throws {
        let hall = try HallFixture()
        hall.clock.set(BusinessDate(hall.clock.now).end.addingTimeInterval(-0.001))
        let yesterday = try await hall.waiting()
        let unproved = try await hall.queue.reserve(TicketRequest(key: UUID(), queueClass: "ordinary"))
        #expect(yesterday.businessDate == "2026-11-24")
        hall.clock.advance(0.001)
        let today = try await hall.waiting()
        #expect(today.businessDate == "2026-11-25")
        #expect(today.label == "A001" && yesterday.label == "A001" && today.id != yesterday.id)
        #expect(try await hall.queue.callNext(counter: 1).current?.ticket == today.id)
        await #expect(throws: CounterError.nobodyWaits) { try await hall.queue.callNext(counter: 2) }

        #expect(try await hall.queue.closeEarlierDays() == 2)
        for id in [yesterday.id, unproved.id] {
            let ended = try await hall.queue.ticket(id)
            #expect(ended.state == .void && ended.voidReason == .dayEnded)
        }
        #expect(try await hall.queue.closeEarlierDays() == 0)
    }

    @Test("a series ends with 999, in words")
    func exhausted() async throws {
        let hall = try HallFixture()
        _ = try await hall.waiting()
        try await hall.store.write { try $0.database.execute(sql: "UPDATE ticket_series SET last = 999") }
        let request = TicketRequest(key: UUID(), queueClass: "ordinary")
        await #expect(throws: QueueError.seriesExhausted(series: "A")) { try await hall.queue.reserve(request) }
    }

    @Test("an unknown class is named")
    func unknownClass() async throws {
        let hall = try HallFixture()
        let request = TicketRequest(key: UUID(), queueClass: "vip")
        let error = await #expect(throws: QueueError.self) { try await hall.queue.reserve(request) }
        #expect(error?.description.contains("vip") == true)
    }
}

@Suite("Business date")
struct BusinessDateTests {
    @Test(
        "a day begins at midnight in Viet Nam, 17:00 UTC",
        arguments: [
            (1_795_539_599.999, "2026-11-24"), (1_795_539_600.0, "2026-11-25"), (0.0, "1970-01-01"),
            (-25_200.001, "1969-12-31"),
            (951_843_600.0, "2000-03-01"), (4_107_517_200.0, "2100-03-01"),
        ])
    func boundary(_ time: Double, _ text: String) {
        #expect(BusinessDate(Date(timeIntervalSince1970: time)).description == text)
    }

    @Test("every day of forty years reads back, and is Foundation's")
    func allDays() throws {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = try #require(TimeZone(secondsFromGMT: 7 * 3600))
        for day in 18_000..<32_600 {
            let date = BusinessDate(day: day)
            let parts = calendar.dateComponents([.year, .month, .day], from: date.start)
            #expect(BusinessDate(date.description) == date)
            let expected = [parts.year ?? 0, parts.month ?? 0, parts.day ?? 0]
            #expect(date.description.split(separator: "-").compactMap { Int($0) } == expected)
        }
    }

    @Test("what is no date is none", arguments: ["", "2026-13-01", "2026-02-29", "26-1-1", "2026-11-24 ", "x"])
    func bad(_ text: String) { #expect(BusinessDate(text) == nil) }
}
