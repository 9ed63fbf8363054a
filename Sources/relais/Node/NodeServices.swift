import Coordination
import EventStore
import HL7v2
import Hummingbird
import Intake
import Logging
import Projections
import ServiceLifecycle
import Synchronization
import Web

/// A loop that runs until the server is asked to stop, behind those who wait for an answer: followers may lag for a moment, a hospital's
/// message may not. The lower priority also gives it threads of its own, so that its work on files never holds up the others'.
struct BackgroundService: Service {
    let name: String
    let body: @Sendable () async throws -> Void

    func run() async throws {
        try await cancelWhenGracefulShutdown {
            let work = Mutex<Task<Void, Never>?>(nil)
            do {
                try await withTaskCancellationHandler {
                    // Not by awaiting the task: it would be raised to the priority of whoever awaits it.
                    try await withCheckedThrowingContinuation { (done: CheckedContinuation<Void, any Error>) in
                        let task = Task.detached(priority: .utility) {
                            do {
                                try await body()
                                done.resume()
                            } catch {
                                done.resume(throwing: error)
                            }
                        }
                        work.withLock { $0 = task }
                        if Task.isCancelled { task.cancel() }
                    }
                } onCancel: {
                    work.withLock { $0?.cancel() }
                }
            } catch is CancellationError {
                return
            }
        }
    }
}

/// The MLLP listener, which answers the frames in hand before it stops.
struct MLLPService: Service {
    let server: MLLPServer
    let onListening: @Sendable (Int) -> Void

    func run() async throws {
        try await withGracefulShutdownHandler {
            try await server.run(onListening: onListening)
        } onGracefulShutdown: {
            server.stop()
        }
    }
}

extension Node {
    /// What follows the log. First in the group, so last to stop.
    var followers: [any Service] {
        [
            BackgroundService(name: "follow-up-planner") { [plannerRunner] in try await plannerRunner.run() },
            BackgroundService(name: "projections") { [projections] in try await projections.run() },
            BackgroundService(name: "timers") { [timers, logger] in
                await timers.run(pause: { try await Task.sleep(for: .seconds(1)) }) { error in
                    logger.error("timers failed, trying again", metadata: ["reason": "\(type(of: error))"])
                }
            },
        ]
    }

    func mllp(_ endpoint: Endpoint, onListening: @escaping @Sendable (Int) -> Void) -> MLLPService {
        let server = MLLPServer(configuration: .init(host: endpoint.host, port: endpoint.port), logger: logger) { [intake] frame in
            switch await intake.receive(frame.payload) {
            case .acknowledge(let bytes, _): .answer(bytes)
            case .noAnswer(.notWanted): .silence
            case .noAnswer(.unreadable), .noAnswer(.oversized): .close
            }
        }
        return MLLPService(server: server, onListening: onListening)
    }

    /// The API and the pages on the control socket, for the command line.
    func control() throws -> some Service {
        let socket = try ControlSocket(directory: directory)
        try socket.removeStale()
        return try WebServer.buildApplication(services: webServices(), host: socket.path, port: 0, logger: logger)
    }
}
