import ArgumentParser
import EventStore
import Foundation

struct FollowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "follow",
        abstract: "Follows a territory's log on another machine: to show it, or to share the work of telling people.",
        discussion: """
            The directory needs settings.json and secrets/ of the writer's, and no log: it is read from Kafka, each position and hash checked. \
            --role projections shows pages and API from a full copy of the views. --role notifications tells people too, as one of several: the \
            writer's configuration must say relais.notifications.by = notifiers, and the channels stand in this one's. Such a node is never \
            promoted; that is what relais standby is for.
            """
    )

    enum Role: String, CaseIterable, ExpressibleByArgument {
        case projections, notifications
    }

    @Option(help: "What this node is for.") var role: Role
    @OptionGroup var data: DataOption
    @OptionGroup var kafka: KafkaOptions
    @Option(help: "Where to serve pages and API (default 127.0.0.1:8080); loopback only, as long as there are no accounts.")
    var http: Endpoint?
    @OptionGroup var orphanAlarm: OrphanAlarmOption
    @Option(help: ArgumentHelp("A JSON file, as relais serve reads it.", valueName: "FILE"))
    var config: String?

    func run() async throws {
        let settings = try await ServeSettings.read(
            http: http,
            mllp: nil,
            orphanAlarmHours: orphanAlarm.hours,
            limits: try MLLPLimits.parse([]),
            file: config
        )
        let kafka = try await kafka.required(config: config)
        try await ServeCommand.serve(
            [data.node],
            http: settings.http,
            mllp: settings.limits.configuration(of: settings.mllp),
            orphanAlarmMinutes: settings.orphanAlarmMinutes,
            notifications: settings.notifications,
            part: role == .notifications ? .member : .elsewhere,
            role: .replica,
            isPromotable: false,
            kafka: kafka,
            demoAccounts: []
        ) { _ in [] }
    }
}
