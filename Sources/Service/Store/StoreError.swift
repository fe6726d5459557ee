import Foundation
import GRDB

/// Why the database could not do its work. Nothing of the transaction was written.
public struct StoreError: Error, Sendable, Equatable, CustomStringConvertible {
    public enum Kind: Error, Sendable, Equatable {
        /// No room on the disk.
        case diskFull
        /// Reading or writing the disk failed; the SQLite result code (extended) says how.
        case inputOutput(Int32)
        /// The file is not a database, or it is damaged.
        case corrupt
        /// Another program holds the file.
        case locked
        case readOnly
        /// The file can't be opened or made.
        case cannotOpen
        /// The file was written by a newer version of this program.
        case newerSchema
        /// A rule of the tables was broken: a fault of the program.
        case constraint(Int32)
        case other(Int32)
    }

    public let kind: Kind
    public let file: URL

    public init(_ kind: Kind, file: URL) {
        self.kind = kind
        self.file = file
    }

    public var description: String { "database \(file.path): \(problem). \(remedy)" }

    public var problem: String {
        switch kind {
        case .diskFull: "the disk is full, nothing was written"
        case .inputOutput(let code): "the disk failed (SQLite \(code)), nothing was written"
        case .corrupt: "the file is damaged"
        case .locked: "another program holds the file"
        case .readOnly: "the file can't be written"
        case .cannotOpen: "the file can't be opened"
        case .newerSchema: "the file was written by a newer version"
        case .constraint(let code): "a rule of the tables was broken (SQLite \(code))"
        case .other(let code): "the database refused (SQLite \(code))"
        }
    }

    /// What a technician does.
    public var remedy: String {
        switch kind {
        case .diskFull: "Free space on this disk; the kiosk goes on by itself."
        case .inputOutput: "Check the disk (smartctl, kernel log) and its mount."
        case .corrupt: "Stop kioskd, keep a copy of the file, then restore it or start with a new one."
        case .locked: "End the other program; only one kioskd may run."
        case .readOnly: "Check the mount and the file's owner and mode."
        case .cannotOpen: "Check that the folder exists and belongs to the kiosk's user."
        case .newerSchema: "Install the version that wrote it, or a newer one."
        case .constraint, .other: "Report this with the log; restarting is safe."
        }
    }
}

extension StoreError {
    init(_ error: any Error, file: URL) {
        switch error {
        case let error as StoreError: self = error
        case let kind as Kind: self.init(kind, file: file)
        case let error as DatabaseError: self.init(Kind(error.extendedResultCode), file: file)
        case let error as CocoaError where error.code == .fileWriteOutOfSpace: self.init(.diskFull, file: file)
        default: self.init(.cannotOpen, file: file)
        }
    }

    /// Errors of a transaction's body pass through; the database's own become a `StoreError`.
    static func translated(_ error: any Error, file: URL) -> any Error {
        switch error {
        case is DatabaseError, is Kind: StoreError(error, file: file)
        default: error
        }
    }
}

extension StoreError.Kind {
    init(_ code: ResultCode) {
        switch code.primaryResultCode {
        case .SQLITE_FULL: self = .diskFull
        case .SQLITE_IOERR: self = .inputOutput(code.rawValue)
        case .SQLITE_CORRUPT, .SQLITE_NOTADB: self = .corrupt
        case .SQLITE_BUSY, .SQLITE_LOCKED: self = .locked
        case .SQLITE_READONLY: self = .readOnly
        case .SQLITE_CANTOPEN: self = .cannotOpen
        case .SQLITE_CONSTRAINT: self = .constraint(code.rawValue)
        default: self = .other(code.rawValue)
        }
    }
}
