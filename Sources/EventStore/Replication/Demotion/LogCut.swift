/// Where a log is cut in two.
struct LogCut {
    /// The last event that stays.
    var position: Int64
    /// The last command that stays; nil = whichever is about events that stay.
    var command: Int64?
    /// What the root over the events that stay must be.
    var rootHash: Hash256?
    /// Of the log that is made of them.
    var epoch: Int64

    /// The condition of the command rows that stay; two parameters.
    var commandCondition: String { "position <= ?1 AND number <= ?2" }

    func bind(to statement: Statement) {
        statement.bind(1, position)
        statement.bind(2, command ?? .max)
    }
}
