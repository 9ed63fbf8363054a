import Configuration
import Foundation
import Kafka

/// How a node reaches Kafka, and when it acknowledges.
///
/// Keys:
/// - `relais.kafka.brokers` (string `HOST:PORT,…`; environment `RELAIS_KAFKA_BROKERS`): no Kafka if it is absent, here and in the file.
/// - `relais.kafka.file` (path; environment `RELAIS_KAFKA_FILE`): settings of librdkafka, a line `key=value` each, as `kcat -F` reads them. TLS
///   and SASL are set there.
/// - `relais.kafka.ack` (`local` or `kafka`, default `local`; environment `RELAIS_KAFKA_ACK`): whether who sent something is answered once it
///   is durable here, or once the brokers have it too.
/// - `relais.kafka.partners` (path; environment `RELAIS_KAFKA_PARTNERS`): what partners are told, and may ask for; see `PartnerBook`. Without,
///   nobody is told anything and the intake is not read.
struct KafkaSettings: Sendable {
    enum Acknowledgement: String, CaseIterable, Sendable {
        case local, kafka
    }

    let configuration: KafkaConfiguration
    let acknowledgement: Acknowledgement
    var partners = PartnerBook()

    /// - Parameters:
    ///   - brokers: before what the configuration says.
    ///   - file: likewise.
    /// - Returns: nil if no brokers are named.
    /// - Throws: `Failure` naming the key or the line that cannot be read.
    static func read(
        brokers: String?,
        file: String?,
        acknowledgement: Acknowledgement?,
        partners: String? = nil,
        from reader: ConfigReader
    ) throws -> KafkaSettings? {
        let path = file ?? reader.string(forKey: "kafka.file")
        var settings = try path.map(Self.lines(of:)) ?? [:]
        let listed = ["bootstrap.servers", "metadata.broker.list"].compactMap { settings.removeValue(forKey: $0) }.first
        guard let bootstrap = brokers ?? reader.string(forKey: "kafka.brokers") ?? listed else {
            if let path { throw Failure(.usage, "\(path) names no bootstrap.servers, and neither does relais.kafka.brokers") }
            if let partners = partners ?? reader.string(forKey: "kafka.partners") {
                throw Failure(.usage, "\(partners) names partners, who are spoken with through Kafka: give --kafka HOST:PORT")
            }
            return nil
        }
        for broker in bootstrap.split(separator: ",", omittingEmptySubsequences: false)
        where Endpoint(argument: String(broker)).map({ $0.host.isEmpty || $0.port == 0 }) ?? true {
            throw Failure(.usage, "\(broker) is no broker of Kafka; give HOST:PORT, several apart by commas")
        }
        return KafkaSettings(
            configuration: KafkaConfiguration(bootstrap: bootstrap, settings: settings),
            acknowledgement: try acknowledgement ?? self.acknowledgement(reader),
            partners: try (partners ?? reader.string(forKey: "kafka.partners")).map(PartnerBook.init(file:)) ?? PartnerBook()
        )
    }

    private static func acknowledgement(_ reader: ConfigReader) throws -> Acknowledgement {
        guard let text = reader.string(forKey: "kafka.ack") else { return .local }
        guard let known = Acknowledgement(rawValue: text) else { throw Failure(.usage, "relais.kafka.ack must be local or kafka") }
        return known
    }

    /// Settings by their names; a line that begins with `#` is a remark.
    static func lines(of path: String) throws -> [String: String] {
        guard let data = FileManager.default.contents(atPath: path) else { throw Failure(.usage, "\(path) cannot be read") }
        var settings: [String: String] = [:]
        for (index, line) in String(decoding: data, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let text = line.trimmingCharacters(in: .whitespacesAndNewlines)
            if text.isEmpty || text.hasPrefix("#") { continue }
            let sides = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = sides[0].trimmingCharacters(in: .whitespaces)
            // The line itself may hold a password.
            guard sides.count == 2, !name.isEmpty else { throw Failure(.usage, "\(path):\(index + 1) is not a setting: write KEY=VALUE") }
            settings[name] = sides[1].trimmingCharacters(in: .whitespaces)
        }
        return settings
    }
}
