import ArgumentParser
import Configuration

/// How a command reaches Kafka.
struct KafkaOptions: ParsableArguments {
    @Option(name: .customLong("kafka"), help: ArgumentHelp("Brokers of Kafka.", valueName: "HOST:PORT,…"))
    var brokers: String?
    @Option(
        name: .customLong("kafka-file"),
        help: ArgumentHelp("Settings of librdkafka, a line KEY=VALUE each, as kcat -F reads them: TLS, SASL.", valueName: "FILE")
    )
    var file: String?
    @Option(help: ArgumentHelp("What partners are told, and may ask for: a JSON file. Nobody without.", valueName: "FILE"))
    var partners: String?

    /// - Throws: `Failure`; also if nothing says where Kafka is.
    func required(config: String? = nil) async throws -> KafkaSettings {
        let reader = try await ServeSettings.reader(config)
        guard let settings = try KafkaSettings.read(brokers: brokers, file: file, acknowledgement: nil, partners: partners, from: reader) else {
            throw Failure(.usage, "where is Kafka? Give --kafka HOST:PORT, --kafka-file FILE, or relais.kafka.brokers")
        }
        return settings
    }
}

extension KafkaSettings.Acknowledgement: ExpressibleByArgument {}
