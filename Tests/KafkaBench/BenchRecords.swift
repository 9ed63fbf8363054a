import Kafka

/// The records of ops/bench/kafka_producer.c.
enum BenchRecords {
    static let batch = 10_000

    private static let value = [UInt8](repeating: UInt8(ascii: "x"), count: 600)

    private static let headers = [
        KafkaHeader("ce_specversion", text: "1.0"),
        KafkaHeader("ce_id", text: "0195f3a2-7c1e-7b44-9d1a-2f60c1b7a901"),
        KafkaHeader("ce_source", text: "urn:relais:demo"),
        KafkaHeader("ce_type", text: "fr.relais.pathway.step-completed.v1"),
        KafkaHeader("ce_subject", text: "9f8b2c7d4e5a4b1c8d3e2f1a0b9c8d7e"),
        KafkaHeader("ce_time", text: "2026-03-01T08:15:30.123Z"),
        KafkaHeader("ce_dataschema", text: "urn:relais:schema:step-completed:1"),
        KafkaHeader("content-type", text: "application/octet-stream"),
        KafkaHeader("ce_recordedtime", text: "2026-03-01T08:15:30.456Z"),
        KafkaHeader("ce_position", text: "123456789"),
        KafkaHeader("ce_version", text: "17"),
        KafkaHeader("ce_causationid", text: "0195f3a2-7c1e-7b44-9d1a-2f60c1b7a900"),
        KafkaHeader("ce_correlationid", text: "0195f3a2-7c1e-7b44-9d1a-2f60c1b7a8ff"),
        KafkaHeader("ce_actor", text: "practitioner:10003456789"),
        KafkaHeader("ce_territory", text: "demo"),
        KafkaHeader("ce_keyid", text: "k-000123"),
        KafkaHeader("ce_leafhash", text: "5e884898da28047151d0e56f8dc6292773603d0d6aabbdd62a11ef721d1542d8"),
    ]

    static func record(_ number: Int, partition: Int) -> KafkaRecord {
        let digits = String(number, radix: 16)
        let key = [UInt8](repeating: UInt8(ascii: "0"), count: 32 - digits.utf8.count) + Array(digits.utf8)
        return KafkaRecord(topic: "bench", partition: Int32(partition), key: key, value: value, headers: headers)
    }
}
