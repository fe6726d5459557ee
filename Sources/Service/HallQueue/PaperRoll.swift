import Foundation
import GRDB
import Peripherals
import Store

/// How much of the ticket roll is used, as a pure value kept in the store's state: it counts what was sent to the
/// printer, and never resets itself, since a lifted cover is not yet a new roll.
public struct PaperRoll: Sendable, Equatable, Codable {
    /// The length of this roll, when a technician gave one; nil for the configured length.
    public private(set) var metres: Double?
    public private(set) var printedMillimetres = 0.0
    /// What the last tickets took, in millimetres, newest last.
    public private(set) var recent: [Double] = []
    /// When a technician said that the roll was changed; nil: never.
    public private(set) var changedAt: Date?
    /// Since then the printer has paper again: probably the roll was changed.
    public private(set) var seemsChangedAt: Date?
    private var isLow = false

    /// Enough for a mean, few enough to follow a new template.
    static let recentCount = 20
    /// Near-end sensors trip at a roll of about 27 mm on its core of 18 mm; at 65 µm of paper that is
    /// π/4 · (27² − 18²) / 0.065 ≈ 5 m.
    static let nearEndMetres = 5.0

    public init() {}

    /// A paper of this length follows.
    public mutating func takes(millimetres: Double) {
        guard millimetres.isFinite, millimetres > 0 else { return }
        printedMillimetres += millimetres
        recent = (recent + [millimetres]).suffix(Self.recentCount)
    }

    /// - Parameter metres: nil for a roll of the configured length.
    public mutating func change(metres: Double?, at now: Date) {
        self.metres = metres
        printedMillimetres = 0
        changedAt = now
        seemsChangedAt = nil
    }

    /// Watches for the end of the roll and for paper after it.
    public mutating func saw(_ condition: PrinterCondition, at now: Date) {
        switch condition {
        case .paperOut, .paperNearEnd:
            isLow = true
        case .ready where isLow:
            isLow = false
            seemsChangedAt = now
        default: break
        }
    }

    /// - Parameters:
    ///   - rollMetres: the configured length of a new roll.
    ///   - printer: what the printer says now; its near-end sensor knows better than the count.
    public func left(rollMetres: Double, printer: PrinterCondition?) -> PaperLeft {
        let length = metres ?? rollMetres
        let isNearEnd = printer == .paperNearEnd
        var left = max(0, length - printedMillimetres / 1000)
        if isNearEnd { left = min(left, Self.nearEndMetres) }
        if printer == .paperOut { left = 0 }
        let mean = recent.isEmpty ? nil : recent.reduce(0, +) / Double(recent.count)
        return PaperLeft(
            rollMetres: length, printedMetres: printedMillimetres / 1000, metres: left,
            tickets: mean.map { Int(left * 1000 / $0) }, ticketMillimetres: mean, isNearEnd: isNearEnd,
            isOut: printer == .paperOut, changedAt: changedAt, seemsChangedAt: seemsChangedAt)
    }
}

/// An estimate of what the roll still holds.
public struct PaperLeft: Sendable, Equatable, Codable {
    public var rollMetres: Double
    /// Since the roll was changed.
    public var printedMetres: Double
    public var metres: Double
    /// How many it lasts for, by the mean length of recent tickets; nil before the first one.
    public var tickets: Int?
    public var ticketMillimetres: Double?
    /// The printer's sensor says that the roll ends soon.
    public var isNearEnd: Bool
    /// The printer says that there is none.
    public var isOut: Bool
    public var changedAt: Date?
    public var seemsChangedAt: Date?
}

extension PaperRoll {
    private static let key = "hall-queue.paper-roll"

    static func read(in database: Database) throws -> PaperRoll {
        let text = try String.fetchOne(database, compiled: "SELECT value FROM state WHERE key = ?", arguments: [key])
        guard let text else { return PaperRoll() }
        return try JSONDecoder().decode(PaperRoll.self, from: Data(text.utf8))
    }

    /// Writes only what has changed.
    static func change(in transaction: Store.Transaction, _ body: (inout PaperRoll) -> Void) throws {
        let before = try read(in: transaction.database)
        var roll = before
        body(&roll)
        guard roll != before else { return }
        try transaction.set(String(decoding: try JSONEncoder().encode(roll), as: UTF8.self), for: key)
    }
}
