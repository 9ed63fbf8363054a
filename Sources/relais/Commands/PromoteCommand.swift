import ArgumentParser
import EventStore
import Foundation
import Kafka
import Logging
import Streaming
import Timekeeping

struct PromoteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "promote",
        abstract: "Makes a standby the writer of its territory, and shuts out the one before.",
        discussion: """
            A standby that runs is asked over its control socket and goes on as the writer, without a restart. When none runs, the copy in the \
            directory follows to the end of the topics and is promoted; start relais serve then.
            """
    )

    @OptionGroup var data: DataOption
    @OptionGroup var kafka: KafkaOptions
    @Flag(help: "One JSON document.") var json = false

    private struct Report: Codable {
        let position: Int64
        let epoch: Int64
    }

    func run() async throws {
        let directory = data.node
        _ = try directory.settings()
        let report: Report
        if let answer = try await ControlClient.ifServed(directory, { try await $0.perform("POST", "/api/v1/operations/promote") }) {
            report = try answer.decode(Report.self)
        } else {
            report = try await promoteHere(directory)
        }
        if json { return try Console.printJSON(report) }
        print("this machine writes from position \(report.position + 1) on, epoch \(report.epoch); the writer before is refused")
    }

    private func promoteHere(_ directory: NodeDirectory) async throws -> Report {
        guard try directory.role() == .replica else {
            throw Failure(.no, "\(directory.path) holds the log of a writer, or none: there is no copy to promote")
        }
        let settings = try await kafka.required()
        let time = TimeSource.system
        let logger = Logger(label: "relais") { StreamLogHandler.standardError(label: $0) }
        let streaming = try await NodeStreaming.copying(directory, settings, time: time, logger: logger)
        let facts = try directory.settings()
        let keys = try NodeKeys.open(directory, facts, time: time)
        let log = try SQLiteEventLog.open(
            .init(directory: directory.path, identity: facts.territory, role: .replica, sealer: keys, time: time)
        )
        do {
            let follower = streaming.follower(of: log, keys)
            let report = try await Promotion(of: follower, configuration: settings.configuration, logger: logger).run()
            await log.close()
            return Report(position: report.head.position, epoch: report.head.epoch)
        } catch {
            await log.close()
            throw (error as? StreamingError).map { Failure(.no, $0.message) } ?? (error as? KafkaError).map { Failure(.storage, $0.message) } ?? error
        }
    }
}
