import AsyncHTTPClient
import EventStore
import Foundation
import Logging
import NIOCore
import NIOHTTP1
import ServiceLifecycle

/// The command line's way into a territory: the same API as everybody's, over the directory's control socket.
struct ControlClient: Sendable {
    struct Answer: Sendable {
        let status: Int
        let headers: [String: String]
        let body: Data

        var isSuccess: Bool { 200..<300 ~= status }

        func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try JSONDecoder().decode(type, from: body) }
    }

    private let client: HTTPClient
    private let base: String

    func send(
        _ method: String,
        _ path: String,
        headers: [String: String] = [:],
        body: Data? = nil,
        timeout: TimeAmount = .seconds(120)
    ) async throws -> Answer {
        var request = HTTPClientRequest(url: "\(base)\(path)")
        request.method = .init(rawValue: method)
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        if let body { request.body = .bytes(ByteBuffer(bytes: body)) }
        let response = try await client.execute(request, timeout: timeout)
        let bytes = try await response.body.collect(upTo: 64 << 20)
        let found = Dictionary(response.headers.map { ($0.name.lowercased(), $0.value) }) { first, _ in first }
        return Answer(status: Int(response.status.code), headers: found, body: Data(bytes.readableBytesView))
    }

    /// Sends, and turns a problem document into a `Failure` for people.
    func perform(
        _ method: String,
        _ path: String,
        headers: [String: String] = [:],
        body: Data? = nil,
        timeout: TimeAmount = .seconds(120)
    ) async throws -> Answer {
        let answer = try await send(method, path, headers: headers, body: body, timeout: timeout)
        if answer.isSuccess { return answer }
        throw Failure(answer.status == 503 ? .storage : .no, Self.words(of: answer))
    }

    private struct Problem: Decodable {
        /// Of a file or of a message.
        struct Fault: Decodable {
            let file: String?
            let line: Int?
            let column: Int?
            let location: String?
            let problem: String
            let remedy: String?

            var words: String {
                let place = file.map { "\($0):\(line ?? 0):\(column ?? 0)" } ?? location ?? "message"
                return "\(place): \(problem)\(remedy.map { " — \($0)" } ?? "")"
            }
        }

        let title: String
        let detail: String?
        let errors: [Fault]?
    }

    private static func words(of answer: Answer) -> String {
        guard let problem = try? answer.decode(Problem.self) else { return "the server answered \(answer.status)" }
        let faults = (problem.errors ?? []).map { "\n\($0.words)" }
        return ([problem.title, problem.detail].compactMap(\.self).joined(separator: ": ")) + faults.joined()
    }

    /// Runs `body` against the server of this directory; nil when none runs.
    static func ifServed<Value: Sendable>(
        _ directory: NodeDirectory,
        _ body: @escaping @Sendable (ControlClient) async throws -> Value
    ) async throws -> Value? {
        let socket = try ControlSocket(directory: directory)
        guard try await connected(to: socket, { await $0.isAlive() }) else { return nil }
        return try await connected(to: socket, body)
    }

    /// Runs `body` against the server of this directory, or, when none runs, against the directory itself: it is then served on its
    /// control socket alone for as long as `body` takes, and left when everything that was asked for has taken effect.
    static func with<Value: Sendable>(
        _ directory: NodeDirectory,
        _ body: @escaping @Sendable (ControlClient) async throws -> Value
    ) async throws -> Value {
        _ = try directory.settings()
        if let value = try await ifServed(directory, body) { return value }
        let socket = try ControlSocket(directory: directory)
        let node = try Node.open(directory, logger: .quiet)
        let group = ServiceGroup(services: node.followerServices + [try node.control()], logger: .quiet)
        return try await withThrowingTaskGroup(of: Value?.self) { tasks in
            tasks.addTask {
                try await group.run()
                return nil
            }
            tasks.addTask {
                // The connection is closed before the server is asked to stop: a server waits for open ones.
                let value = try await connected(to: socket) { control in
                    while !(await control.isAlive()) { try await Task.sleep(for: .milliseconds(5)) }
                    return try await body(control)
                }
                try await node.settle()
                return value
            }
            defer { tasks.cancelAll() }
            while let result = try await tasks.next() {
                guard let value = result else { continue }
                await group.triggerGracefulShutdown()
                _ = try? await tasks.next()
                await node.close()
                return value
            }
            throw Failure(.storage, "the directory stopped being served before the command was done")
        }
    }

    private static func connected<Value: Sendable>(
        to socket: ControlSocket,
        _ body: @Sendable (ControlClient) async throws -> Value
    ) async throws -> Value {
        var configuration = HTTPClient.Configuration()
        // Nobody listening is an answer, at once.
        configuration.connectionPool.retryConnectionEstablishment = false
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        let escaped = socket.path.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? socket.path
        do {
            let value = try await body(ControlClient(client: client, base: "http+unix://\(escaped)"))
            try await client.shutdown()
            return value
        } catch {
            try? await client.shutdown()
            throw error
        }
    }

    private func isAlive() async -> Bool {
        (try? await send("GET", "/healthz"))?.isSuccess ?? false
    }
}

extension Logger {
    /// For commands that end: only errors, on standard error.
    static var quiet: Logger {
        var logger = Logger(label: "relais") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = .error
        return logger
    }
}
