import GRDB

/// SQL that each connection compiles once. GRDB looks up every column of a statement when it compiles it, which takes longer
/// than most of our statements run. For text that is always the same, and for nothing else: a connection keeps all it has
/// compiled. Rows and single values have the same words, since GRDB has no type above both.
extension Database {
    public func execute(compiled sql: String, arguments: StatementArguments = StatementArguments()) throws {
        try cachedStatement(sql: sql).execute(arguments: arguments)
    }
}

extension Row {
    public static func fetchOne(
        _ database: Database, compiled sql: String, arguments: StatementArguments = StatementArguments()
    ) throws -> Row? {
        try fetchOne(database.cachedStatement(sql: sql), arguments: arguments)
    }

    public static func fetchAll(
        _ database: Database, compiled sql: String, arguments: StatementArguments = StatementArguments()
    ) throws -> [Row] {
        try fetchAll(database.cachedStatement(sql: sql), arguments: arguments)
    }

    public static func fetchCursor(
        _ database: Database, compiled sql: String, arguments: StatementArguments = StatementArguments()
    ) throws -> RowCursor {
        try fetchCursor(database.cachedStatement(sql: sql), arguments: arguments)
    }
}

extension DatabaseValueConvertible where Self: StatementColumnConvertible {
    public static func fetchOne(
        _ database: Database, compiled sql: String, arguments: StatementArguments = StatementArguments()
    ) throws -> Self? {
        try fetchOne(database.cachedStatement(sql: sql), arguments: arguments)
    }

    public static func fetchAll(
        _ database: Database, compiled sql: String, arguments: StatementArguments = StatementArguments()
    ) throws -> [Self] {
        try fetchAll(database.cachedStatement(sql: sql), arguments: arguments)
    }

    public static func fetchCursor(
        _ database: Database, compiled sql: String, arguments: StatementArguments = StatementArguments()
    ) throws -> FastDatabaseValueCursor<Self> {
        try fetchCursor(database.cachedStatement(sql: sql), arguments: arguments)
    }
}
