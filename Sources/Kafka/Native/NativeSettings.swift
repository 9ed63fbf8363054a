internal import CRdKafka

/// A configuration, merged with what a producer or a consumer insists on, on its way into librdkafka.
struct NativeSettings {
    private let values: [(name: String, value: String)]
    private let events: Int32

    /// - Parameters:
    ///   - defaults: hold where the configuration says nothing.
    ///   - required: cannot be changed; a configuration that tries is refused.
    init(
        _ configuration: KafkaConfiguration,
        defaults: [String: String],
        required: [String: String],
        events: Int32
    ) throws(KafkaError) {
        var required = required
        required["bootstrap.servers"] = configuration.bootstrap
        required["log.queue"] = "true"
        for (name, value) in configuration.settings.sorted(by: { $0.key < $1.key }) {
            guard let fixed = required[name], fixed != value else { continue }
            throw KafkaError(
                .invalidConfiguration,
                "Kafka setting \(name) cannot be set to \(KafkaConfiguration.isSecret(name) ? "***" : value): it has to be \(fixed). Remove it."
            )
        }
        let merged = defaults.merging(configuration.settings) { $1 }.merging(required) { $1 }
        values = merged.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) }
        self.events = events
    }

    func makeClient(_ kind: rd_kafka_type_t) throws(KafkaError) -> OpaquePointer {
        guard let native = rd_kafka_conf_new() else { throw KafkaError(.other, "No memory for Kafka's configuration.") }
        var text = [CChar](repeating: 0, count: 512)
        for (name, value) in values {
            guard rd_kafka_conf_set(native, name, value, &text, text.count) == RD_KAFKA_CONF_OK else {
                rd_kafka_conf_destroy(native)
                throw Self.refused(name, because: String(decodingC: text))
            }
        }
        rd_kafka_conf_set_events(native, events)
        guard let client = rd_kafka_new(kind, native, &text, text.count) else {
            let code = rd_kafka_last_error()
            rd_kafka_conf_destroy(native)
            throw KafkaError(
                .invalidConfiguration,
                "Kafka's configuration does not hold together: \(redacted(String(decodingC: text))). Correct it.",
                nativeCode: code.rawValue
            )
        }
        return client
    }

    /// librdkafka quotes the value in some of its texts: for what is secret its text is left out.
    private static func refused(_ name: String, because text: String) -> KafkaError {
        let reason = KafkaConfiguration.isSecret(name) ? "its value is not accepted" : text
        return KafkaError(.invalidConfiguration, "Kafka setting \(name): \(reason). Correct or remove it.")
    }

    private func redacted(_ text: String) -> String {
        values.filter { KafkaConfiguration.isSecret($0.name) && !$0.value.isEmpty }.reduce(text) { text, secret in
            text.split(separator: secret.value, omittingEmptySubsequences: false).joined(separator: "***")
        }
    }
}

extension String {
    /// The text before the first NUL.
    init(decodingC buffer: [CChar]) {
        self.init(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// librdkafka's text, or nothing.
    init(orEmpty text: UnsafePointer<CChar>?) {
        self = text.map { String(cString: $0) } ?? ""
    }
}
