import Logging
import ServiceLifecycle

/// One partner's feed, or the intake, once the node writes. Its end takes no other with it.
struct PartnerService: Service {
    let name: String
    /// A feed runs behind those who wait for an answer; nil = among them.
    var priority: TaskPriority?
    let duty: NodeDuty
    let logger: Logger
    let body: @Sendable () async throws -> Void

    func run() async {
        do {
            try await AbandonableWork.run(priority: priority) {
                try await duty.writing()
                try await body()
            }
        } catch {
            logger.error("\(name) stopped", metadata: ["reason": "\(error)"])
        }
        // A service that returns ends the others.
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled { try? await Task.sleep(for: .seconds(86_400)) }
        }
    }
}
