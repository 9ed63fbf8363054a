extension StoredHead {
    /// Restoring a log raises its epoch to the next multiple of this, out of reach of a writer that was merely opened
    /// again and again since the copy was made: the upper 32 bits count restorations, the lower ones openings.
    static let restorationStep: Int64 = 1 << 32

    /// Takes the log over: raises its epoch by one, durably, so that an earlier writer can append no more.
    ///
    /// - Parameter willRaise: told the stored epoch before it is raised.
    /// - Returns: the epoch that is ours.
    static func raiseEpoch(on connection: Connection, willRaise: (Int64) -> Void = { _ in }) throws -> Int64 {
        try raiseEpoch(on: connection) { stored in
            willRaise(stored)
            return stored + 1
        }
    }

    /// As `raiseEpoch(on:willRaise:)`, for a log that comes from a copy.
    static func raiseEpochForRestoration(on connection: Connection) throws -> Int64 {
        try raiseEpoch(on: connection, promotedEpoch)
    }

    /// Writes the head of a replica as it is: its epoch is its writer's, and only a commit proves that the disk takes one.
    static func rewrite(on connection: Connection) throws -> Int64 {
        try raiseEpoch(on: connection) { stored in stored }
    }

    /// Makes a writer's log of a replica: the epoch is raised out of reach of the writer that it followed, and the log says what it is.
    static func promote(on connection: Connection) throws -> Int64 {
        try raiseEpoch(on: connection, promotedEpoch) { epoch in
            try StoredRole(role: .writer, epoch: epoch).write(on: connection)
        }
    }

    /// The first epoch out of reach of writers that began in `stored`.
    static func promotedEpoch(after stored: Int64) -> Int64 {
        // Epochs are far below: `raiseEpoch` refuses others.
        (stored / restorationStep &+ 1) &* restorationStep
    }

    /// - Parameter inTransaction: what is to be kept with the new epoch, or not at all.
    private static func raiseEpoch(
        on connection: Connection,
        _ next: (Int64) -> Int64,
        inTransaction: (Int64) throws -> Void = { _ in }
    ) throws -> Int64 {
        try connection.transaction {
            guard var head = try read(on: connection), let commands = try CommandTally.read(on: connection),
                0..<Int64.max - restorationStep ~= head.epoch
            else {
                throw EventStoreError(.corrupted, "The log has no head row with an epoch: run verify.")
            }
            head.epoch = next(head.epoch)
            let raise = try connection.prepare(Queries.raiseEpoch)
            raise.bind(1, head.epoch)
            try raise.run()
            let hash = try connection.prepare(Queries.hashHead)
            hash.bind(1, copying: head.rowHash(commands).bytes)
            try hash.run()
            try inTransaction(head.epoch)
            return head.epoch
        }
    }
}
