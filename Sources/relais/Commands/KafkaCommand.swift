import ArgumentParser
import Kafka
import Logging
import Streaming

struct KafkaCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kafka",
        abstract: "The topics of a territory.",
        subcommands: [Initialise.self, Check.self]
    )

    struct Initialise: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "init",
            abstract: "Makes the topics that are missing; what is there is compared with the plan, not changed."
        )
        @OptionGroup var kafka: KafkaOptions
        @OptionGroup var plan: PlanOptions
        @OptionGroup var data: DataOption
        @Flag(help: "One JSON document.") var json = false

        func run() async throws {
            try await KafkaCommand.keep(data.node, kafka, plan, json) { try await $0.create(partners: $1) }
        }
    }

    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Compares the topics with the plan; exit 1 if events could be lost.")
        @OptionGroup var kafka: KafkaOptions
        @OptionGroup var plan: PlanOptions
        @OptionGroup var data: DataOption
        @Flag(help: "One JSON document.") var json = false

        func run() async throws {
            try await KafkaCommand.keep(data.node, kafka, plan, json) { try await $0.check(partners: $1) }
        }
    }

    struct PlanOptions: ParsableArguments {
        @Option(help: "Partitions of the topic of events; fixed once there are events.") var partitions = 12
        @Option(help: "Copies of each partition.") var replication = 3
        @Option(
            name: .customLong("partner"),
            help: ArgumentHelp("A partner that has topics, beside those of --partners; several are allowed.", valueName: "ID")
        )
        var partners: [String] = []

        func validate() throws {
            guard (1...10_000).contains(partitions) else { throw ValidationError("--partitions must be 1 to 10000.") }
            guard (1...99).contains(replication) else { throw ValidationError("--replication must be 1 to 99.") }
        }

        var plan: TopicPlan {
            TopicPlan(
                eventPartitions: partitions,
                intakePartitions: min(3, partitions),
                replication: replication,
                minimumInSync: max(1, replication - 1)
            )
        }
    }

    private struct Report: Encodable {
        struct Finding: Encodable {
            let topic: String
            let problem: String
            let severe: Bool
        }

        let sound: Bool
        let created: [String]
        let findings: [Finding]
        /// Topics whose settings the brokers would not tell.
        let unknown: [String]
    }

    /// - Throws: `Failure`; `ExitCode` 1 if events could be lost.
    private static func keep(
        _ directory: NodeDirectory,
        _ options: KafkaOptions,
        _ plan: PlanOptions,
        _ json: Bool,
        _ body: (TopicKeeper, _ partners: [String]) async throws -> TopicReport
    ) async throws {
        let settings = try await options.required()
        let topics = try NodeStreaming.topics(of: directory)
        let named = settings.partners.ids(in: topics.territory)
        let partners = named + plan.partners.filter { !named.contains($0) }
        let logger = Logger(label: "relais") { StreamLogHandler.standardError(label: $0) }
        let found: TopicReport
        do {
            let administration = try KafkaAdministration(configuration: settings.configuration, logger: logger)
            do {
                found = try await body(TopicKeeper(topics: topics, plan: plan.plan, administration: administration), partners)
            } catch {
                await administration.shutdown()
                throw error
            }
            await administration.shutdown()
        } catch let error as KafkaError {
            throw Failure(.storage, "Kafka at \(settings.configuration.bootstrap): \(error.message)")
        } catch let error as StreamingError {
            throw Failure(.no, error.message)
        }
        let report = Report(
            sound: found.isSound,
            created: found.created,
            findings: found.findings.map { .init(topic: $0.topic, problem: $0.problem, severe: $0.isSevere) },
            unknown: found.unknown
        )
        if json {
            try Console.printJSON(report)
        } else {
            for topic in report.created { print("\(topic): created") }
            for finding in found.findings { print("\(finding.isSevere ? "error" : "note"): \(finding)") }
            if !report.unknown.isEmpty { print("note: the brokers do not tell the settings of \(report.unknown.joined(separator: ", "))") }
            if report.sound, found.findings.isEmpty { print("the topics of \(topics.territory) are as planned") }
        }
        if !report.sound { throw ExitCode(Failure.Status.no.rawValue) }
    }
}
