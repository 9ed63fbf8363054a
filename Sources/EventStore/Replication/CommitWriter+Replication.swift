import Dispatch

/// What a replica does instead of appending, on the writer's queue.
extension CommitWriter {
    /// Takes in what another writer recorded: all of `batches` and `offsets` in one durable transaction, or nothing.
    func replicate(_ batches: [PreparedBatch], _ offsets: [ReplicaOffset]) async throws -> LogHead {
        try await withCheckedThrowingContinuation { continuation in
            queue.async {
                continuation.resume(
                    with: Result {
                        try self.onReplica { session in
                            try session.begin()
                            for batch in batches { try session.replicate(batch) }
                            try session.setReplicaOffsets(offsets)
                            try session.commit()
                        }
                    }
                )
            }
        }
    }

    /// Has the log accept appends. Does nothing to one that does.
    func promote() async throws -> LogHead {
        try await withCheckedThrowingContinuation { continuation in
            queue.async {
                continuation.resume(
                    with: Result {
                        if case .open(let opened) = self.phase, opened.session.role == .writer { return opened.session.head }
                        let head = try self.onReplica { try $0.promote() }
                        self.opener.role = .writer
                        return head
                    }
                )
            }
        }
    }

    private func onReplica(_ body: (WriterSession) throws -> Void) throws -> LogHead {
        let opened = try opened()
        let session = opened.session
        guard session.role == .replica else { throw EventStoreError.notAReplica }
        do {
            try body(session)
        } catch {
            session.rollBack()
            recover(from: error, in: opened)
            if case .recovering(let recovery) = phase { throw recovery.refusal }
            throw error
        }
        note(session)
        opened.checkpointer.committed(on: session.connection)
        return session.head
    }
}
