import ArgumentParser
import Configuration
import Coordination
import Pathways
import Projections
import SystemPackage

/// Where a server listens, and what it warns of: from the command line, else the environment, else a file, else the defaults.
///
/// Keys:
/// - `relais.http` (string, default `127.0.0.1:8080`; environment `RELAIS_HTTP`): pages and API.
/// - `relais.mllp` (string, default `127.0.0.1:2575`; environment `RELAIS_MLLP`): HL7 messages.
/// - `relais.feeds` (strings `APPLICATION|FACILITY=TERRITORY,…`; environment `RELAIS_FEEDS`, separated by spaces): where several territories
///   are served, those that a sender's feed may concern. A sender that is not named is routed by who names its hospital.
/// - `relais.orphanAlarmHours` (whole number, default 4; environment `RELAIS_ORPHAN_ALARM_HOURS`): how long a message may wait for what it
///   speaks of before it is an alarm.
/// - `relais.mllpMaxFrameBytes`, `relais.mllpMaxConnections`, `relais.mllpIdleSeconds`, `relais.mllpFrameSeconds` (whole numbers; environment
///   `RELAIS_MLLP_MAX_FRAME_BYTES` and so on): what the MLLP listener puts up with; see `MLLPLimits`.
/// - `relais.notifications.…`, `relais.mssante.…`, `relais.email.…`, `relais.sms.…`, `relais.webhook.…`, `relais.mailbox.…`,
///   `relais.sandbox.…`: by which channels people are told; see `NotificationSettings`.
/// - `relais.kafka.…`: how the log goes through Kafka; see `KafkaSettings`.
struct ServeSettings {
    let http: Endpoint
    let mllp: Endpoint
    let feeds: FeedRoutes
    let orphanAlarmMinutes: Int64
    let limits: MLLPLimits
    let notifications: NotificationSettings

    /// - Parameter file: JSON, such as `{"relais": {"http": "127.0.0.1:8080"}}`.
    /// - Throws: `Failure` naming the key or the file that cannot be read.
    static func read(
        http: Endpoint?,
        mllp: Endpoint?,
        orphanAlarmHours: Int64?,
        limits: MLLPLimits,
        file: String?
    ) async throws -> ServeSettings {
        let reader = try await reader(file)
        return ServeSettings(
            http: try http ?? endpoint("http", reader) ?? Endpoint(host: "127.0.0.1", port: 8080),
            mllp: try mllp ?? endpoint("mllp", reader) ?? Endpoint(host: "127.0.0.1", port: 2575),
            feeds: try feeds(reader.stringArray(forKey: "feeds") ?? []),
            orphanAlarmMinutes: try orphanAlarmHours.map { $0 * 60 } ?? orphanAlarmMinutes(reader),
            limits: try limits.completed(from: reader),
            notifications: try NotificationSettings(from: reader)
        )
    }

    /// As a server started without options and file would have it.
    static func orphanAlarmMinutes() async throws -> Int64 { try orphanAlarmMinutes(try await reader(nil)) }

    private static func orphanAlarmMinutes(_ reader: ConfigReader) throws -> Int64 {
        guard let text = number("orphanAlarmHours", reader) else { return FeedReader.defaultOrphanAlarmMinutes }
        guard let hours = Int64(text), OrphanAlarmOption.range.contains(hours) else {
            throw Failure(.usage, "relais.orphanAlarmHours must be \(OrphanAlarmOption.words)")
        }
        return hours * 60
    }

    /// A number as text: a file may write it with or without quotation marks, the environment has text only.
    static func number(_ key: ConfigKey, _ reader: ConfigReader) -> String? {
        // What is a number but no whole one, or far too large, is told of and not passed over.
        reader.string(forKey: key) ?? reader.int(forKey: key).map(String.init) ?? reader.double(forKey: key).map { "\($0)" }
    }

    static func reader(_ file: String?) async throws -> ConfigReader {
        var providers: [any ConfigProvider] = [EnvironmentVariablesProvider()]
        if let file {
            do {
                providers.append(try await FileProvider<JSONSnapshot>(filePath: FilePath(file)))
            } catch {
                throw Failure(.usage, "\(file) cannot be read as a JSON configuration file")
            }
        }
        return ConfigReader(providers: providers).scoped(to: "relais")
    }

    /// - Parameter lines: `APPLICATION|FACILITY=TERRITORY,…`.
    static func feeds(_ lines: [String]) throws -> FeedRoutes {
        var routes: [HL7Sender: [String]] = [:]
        for line in lines.flatMap({ $0.split(separator: " ") }) {
            let sides = line.split(separator: "=", maxSplits: 1)
            let sender = sides.first?.split(separator: "|", omittingEmptySubsequences: false).map(String.init) ?? []
            let territories = sides.count == 2 ? sides[1].split(separator: ",").map(String.init) : []
            guard sender.count == 2, !territories.isEmpty else {
                throw Failure(.usage, "relais.feeds: \(line) is not APPLICATION|FACILITY=TERRITORY,TERRITORY")
            }
            routes[HL7Sender(application: sender[0], facility: sender[1])] = territories
        }
        return FeedRoutes(routes)
    }

    private static func endpoint(_ key: ConfigKey, _ reader: ConfigReader) throws -> Endpoint? {
        guard let text = reader.string(forKey: key) else { return nil }
        guard let endpoint = Endpoint(argument: text) else { throw Failure(.usage, "relais.\(key) must be HOST:PORT") }
        return endpoint
    }
}
