import CentralProtocol
import Dossiers
import Foundation
import Store

/// How it stands between this kiosk and the centre.
public struct SyncStatus: Sendable, Equatable, Codable {
    public enum Link: String, Sendable, Codable {
        /// Nothing was tried yet.
        case unknown
        case fine
        case trouble
    }

    public var link: Link
    /// What is wrong and what helps; nil while all is fine.
    public var problem: String?
    public var remedy: String?
    /// Since when the link is as it is.
    public var since: Date?
    /// The next attempt, while in trouble.
    public var nextAttempt: Date?
    public var pending: Int
    public var parked: Int
    public var lastReceipt: Date?
}

/// A line of `kioskctl outbox list`.
public struct OutboxEntry: Sendable, Equatable, Codable {
    public var id: UUID
    public var provisionalCode: String
    public var procedure: String
    public var createdAt: Date
    public var sealedBytes: Int
    public var state: OutboxRecord.State
    public var attempts: Int
    public var nextAttemptAt: Date
    /// Why it waits or is parked, with the remedy.
    public var reason: String?
}
