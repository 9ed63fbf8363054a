import Kafka
import Logging
import Testing

extension AllTests {
    @Suite struct ConfigurationTests {
        private static let secrets = [
            "sasl.password": "hunter-2-secret", "ssl.key.password": "hunter-2-secret", "ssl.keystore.password": "hunter-2-secret",
            "ssl.key.pem": "hunter-2-secret", "sasl.oauthbearer.config": "hunter-2-secret", "sasl.oauthbearer.client.secret": "hunter-2-secret",
        ]

        @Test func `No secret shows, however the configuration is printed`() {
            let configuration = KafkaConfiguration(bootstrap: "localhost:1", settings: Self.secrets.merging(["linger.ms": "7"]) { $1 })
            var dumped = ""
            dump(configuration, to: &dumped)
            for text in ["\(configuration)", String(reflecting: configuration), dumped, "\([configuration])"] {
                #expect(!text.contains("hunter-2"))
                #expect(text.contains("sasl.password"))
            }
            #expect("\(configuration)".contains("linger.ms=7"))
        }

        @Test(arguments: secrets.keys.sorted()) func `No secret shows in the error that refuses it`(name: String) {
            // A control character is refused nowhere; a wrong type, a file that is not there and a bad key are, by name.
            let configuration = KafkaConfiguration(
                bootstrap: "localhost:1",
                settings: [
                    "security.protocol": "sasl_ssl", "sasl.mechanism": "PLAIN", "sasl.username": "u", name: "hunter-2-secret", "linger.ms": "x",
                ]
            )
            let error = #expect(throws: KafkaError.self) { _ = try KafkaProducer(configuration: configuration, logger: .quiet) }
            #expect(error?.code == .invalidConfiguration)
            #expect(error.map { "\($0)" }?.contains("hunter-2") == false)
        }

        @Test func `A key that does not parse is an error without the key`() {
            let configuration = KafkaConfiguration(
                bootstrap: "localhost:1",
                settings: ["security.protocol": "ssl", "ssl.key.pem": "hunter-2-secret", "ssl.key.password": "hunter-2-secret"]
            )
            let error = #expect(throws: KafkaError.self) { _ = try KafkaProducer(configuration: configuration, logger: .quiet) }
            #expect(error?.code == .invalidConfiguration)
            #expect(error.map { "\($0)" }?.contains("hunter-2") == false)
        }

        @Test(arguments: [
            ("no.such.setting", "1", "no.such.setting"), ("linger.ms", "many", "linger.ms"), ("enable.idempotence", "false", "has to be true"),
            ("acks", "1", "has to be all"), ("bootstrap.servers", "elsewhere:1", "has to be localhost:1"),
        ])
        func `A setting that a producer cannot have is refused by name`(name: String, value: String, telling: String) {
            let configuration = KafkaConfiguration(bootstrap: "localhost:1", settings: [name: value])
            let error = #expect(throws: KafkaError.self) { _ = try KafkaProducer(configuration: configuration, logger: .quiet) }
            #expect(error?.code == .invalidConfiguration)
            #expect(error?.message.contains(telling) == true)
            #expect(error?.message.contains(name) == true)
        }

        @Test(arguments: ["enable.auto.commit", "enable.auto.offset.store"])
        func `A consumer never commits by itself`(name: String) {
            let configuration = KafkaConfiguration(bootstrap: "localhost:1", settings: [name: "true"])
            let error = #expect(throws: KafkaError.self) { _ = try KafkaConsumer(configuration: configuration, logger: .quiet) }
            #expect(error?.code == .invalidConfiguration)
            #expect(error?.message.contains(name) == true)
        }

        @Test func `Errors are matched by kind and say kind and message`() {
            let error = KafkaError(.fenced, "x", nativeCode: 90, isFatal: true)
            #expect(error == KafkaError(.fenced, "y"))
            #expect("\(error)" == "fenced: x")
            do { throw error } catch KafkaError.Code.fenced {} catch { Issue.record("not matched") }
        }
    }
}
