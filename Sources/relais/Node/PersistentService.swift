import ServiceLifecycle

/// Work without which a server must not go on: its failure ends the process.
struct PersistentService: Service {
    let body: @Sendable () async throws -> Void

    func run() async throws { try await AbandonableWork.run(priority: .utility, body) }
}
