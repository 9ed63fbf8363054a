import ArgumentParser
import EventStore
import Foundation

struct StandbyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "standby",
        abstract: "Follows a territory's log into a copy of its own, serves reads, and can be promoted.",
        discussion: """
            The directory needs settings.json and secrets/ of the writer's, and no log: it is read from Kafka, each position and hash checked. A \
            directory whose writer was replaced by another machine can be taken too: what only it had is set aside in a sealed file. Changes are \
            refused, and MLLP is not listened to, until relais promote.
            """
    )

    @OptionGroup var data: DataOption
    @OptionGroup var kafka: KafkaOptions
    @Option(help: "Once it is promoted: answer a sender once the event is durable here (local), or once the brokers have it too (kafka).")
    var ack: KafkaSettings.Acknowledgement?
    @Option(help: "Where to serve pages and API (default 127.0.0.1:8080); loopback only, as long as there are no accounts.")
    var http: Endpoint?
    @Option(help: "Where to take HL7 messages once it is promoted (default 127.0.0.1:2575); loopback only.")
    var mllp: Endpoint?
    @OptionGroup var orphanAlarm: OrphanAlarmOption
    @OptionGroup var limits: MLLPLimits
    @Option(help: ArgumentHelp("A JSON file, as relais serve reads it.", valueName: "FILE"))
    var config: String?

    func run() async throws {
        let settings = try await ServeSettings.read(http: http, mllp: mllp, orphanAlarmHours: orphanAlarm.hours, limits: limits, file: config)
        let reader = try await ServeSettings.reader(config)
        let (brokers, file, partners) = (kafka.brokers, kafka.file, kafka.partners)
        guard let kafka = try KafkaSettings.read(brokers: brokers, file: file, acknowledgement: ack, partners: partners, from: reader) else {
            throw Failure(.usage, "where is Kafka? Give --kafka HOST:PORT, --kafka-file FILE, or relais.kafka.brokers")
        }
        try await ServeCommand.serve(
            [data.node],
            http: settings.http,
            mllp: settings.limits.configuration(of: settings.mllp),
            routes: settings.feeds,
            orphanAlarmMinutes: settings.orphanAlarmMinutes,
            notifications: settings.notifications,
            role: .replica,
            kafka: kafka,
            demoAccounts: []
        ) { _ in [] }
    }
}
