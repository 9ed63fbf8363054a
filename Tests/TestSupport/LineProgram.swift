import Foundation
public import Subprocess
import SystemPackage

/// A program that a test speaks to by lines: one answer to each. It says hello with a line of its own, and ends by itself when its input does, which is when this is
/// let go or this process ends.
public final class LineProgram: Sendable {
    public struct Failure: Error, CustomStringConvertible { public let description: String }

    /// Its first line.
    public let greeting: String
    private let questions: AsyncStream<Question>.Continuation

    private struct Question: Sendable {
        /// `nil`: only waits for a line.
        var line: String?
        let answer: CheckedContinuation<String, any Error>
    }

    /// Starts it, and waits for its greeting.
    public init(_ program: Executable, arguments: [String] = []) async throws {
        let (stream, questions) = AsyncStream<Question>.makeStream()
        // Not a child of the test: the program lives as long as this object does.
        Task.detached {
            var failure: any Error = Failure(description: "\(program) has ended")
            do { try await Self.serve(program, arguments, stream) } catch { failure = error }
            for await question in stream { question.answer.resume(throwing: failure) }
        }
        do { greeting = try await Self.ask(nil, questions) } catch {
            questions.finish()
            throw error
        }
        self.questions = questions
    }

    deinit { questions.finish() }

    /// A program of this package, which the build puts beside the tests.
    public convenience init(built name: String, arguments: [String] = []) async throws {
        let folder = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        try await self.init(.path(FilePath(folder.appendingPathComponent(name).path)), arguments: arguments)
    }

    /// Says a line, for the line that comes back.
    public func ask(_ line: String) async throws -> String { try await Self.ask(line, questions) }

    private static func ask(_ line: String?, _ questions: AsyncStream<Question>.Continuation) async throws -> String {
        try await withCheckedThrowingContinuation { continuation in
            let result = questions.yield(Question(line: line, answer: continuation))
            if case .terminated = result { continuation.resume(throwing: Failure(description: "nobody listens any more")) }
        }
    }

    private static func serve(_ program: Executable, _ arguments: [String], _ questions: AsyncStream<Question>) async throws {
        _ = try await run(
            program,
            arguments: Arguments(arguments),
            input: .inputWriter,
            output: .sequence,
            error: .currentStandardError
        ) { execution in
            var lines = execution.standardOutput.strings().makeAsyncIterator()
            for await question in questions {
                do {
                    if let line = question.line { _ = try await execution.standardInputWriter.write(line + "\n") }
                    guard let answer = try await lines.next() else { throw Failure(description: "\(program) has ended") }
                    question.answer.resume(returning: answer)
                } catch {
                    question.answer.resume(throwing: error)
                    break
                }
            }
            try await execution.standardInputWriter.finish()
        }
    }
}
