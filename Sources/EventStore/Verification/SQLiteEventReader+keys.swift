/// Which keys a log refers to, for checking a key store against it. Payloads are not read.
extension SQLiteEventReader {
    /// Hands over the key of each event through `last` that is sealed, in order, then of each answer; in constant memory. A key comes as
    /// often as it was used.
    ///
    /// - Parameter body: gets the id of the key, and the position of the event, or of what the answer is about.
    public func forEachKeyUse(through last: Int64, _ body: (_ keyID: String, _ position: Int64) throws -> Void) throws {
        try forEachRow(Queries.keysOfEvents, through: last, body)
        try forEachRow(Queries.keysOfAnswers, through: .max, body)
    }

    /// Where the events of a type are, after `position` through `last`. Looks at every event.
    public func positions(ofType type: String, after position: Int64, through last: Int64) throws -> [Int64] {
        try withReader { reader in
            let rows = try reader.statement(Queries.positionsOfType)
            rows.bind(1, copying: type)
            rows.bind(2, position)
            rows.bind(3, last)
            defer { rows.reset() }
            var found: [Int64] = []
            while try rows.step() { found.append(rows.int64(0)) }
            return found
        }
    }

    /// Page by page, so that the write-ahead log can start over between two.
    private func forEachRow(_ sql: String, through last: Int64, _ body: (String, Int64) throws -> Void) throws {
        let pageLength: Int64 = 10_000
        var reached: Int64 = 0
        while true {
            let before = reached
            try withReader { reader in
                let page = try reader.statement(sql)
                page.bind(1, reached)
                page.bind(2, last)
                page.bind(3, pageLength)
                defer { page.reset() }
                while try page.step() {
                    reached = page.int64(0)
                    try body(page.string(2), page.int64(1))
                }
            }
            guard reached > before else { return }
        }
    }
}
