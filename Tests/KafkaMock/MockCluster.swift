internal import CRdKafka

#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// librdkafka's mock cluster, which understands producers, transactions, groups and metadata, but no Admin API.
struct MockCluster {
    private let cluster: OpaquePointer

    /// Reads commands until the input ends; the exit status.
    static func serve() -> Int32 {
        var text = [CChar](repeating: 0, count: 512)
        guard let settings = rd_kafka_conf_new() else { return 1 }
        // Its owner needs no brokers, and would complain of having none.
        rd_kafka_conf_set(settings, "log_level", "3", &text, text.count)
        guard let client = rd_kafka_new(RD_KAFKA_PRODUCER, settings, &text, text.count) else { return 1 }
        let brokers = CommandLine.arguments.dropFirst().first.flatMap { Int32($0) } ?? 3
        guard let cluster = rd_kafka_mock_cluster_new(client, brokers), let bootstrap = rd_kafka_mock_cluster_bootstraps(cluster) else { return 1 }
        answerAtOnce()
        say("bootstrap \(String(cString: bootstrap))")
        let mock = MockCluster(cluster: cluster)
        while let line = readLine() { say(mock.perform(line.split(separator: " ").map { String($0) })) }
        rd_kafka_mock_cluster_destroy(cluster)
        rd_kafka_destroy(client)
        return 0
    }

    /// Has the brokers send each answer as it is made, as Kafka's do: their sockets, which the mock leaves as the system makes them, keep a second answer back
    /// until the first is acknowledged, which a client with nothing to send does after 40 ms. Connections have it from the socket that they came by.
    private static func answerAtOnce() {
        for file in Int32(0)..<1_024 {
            var isListening: Int32 = 0
            var size = socklen_t(MemoryLayout<Int32>.size)
            guard getsockopt(file, SOL_SOCKET, SO_ACCEPTCONN, &isListening, &size) == 0, isListening != 0 else { continue }
            var yes: Int32 = 1
            setsockopt(file, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, size)
        }
    }

    /// At once: whoever drives us reads from a pipe.
    private static func say(_ line: String) {
        print(line)
        fflush(nil)
    }

    /// The grammar is in the README beside this.
    private func perform(_ words: [String]) -> String {
        let numbers = words.map { Int32($0) }
        switch (words.first, words.count) {
        case ("topic", 3):
            guard let partitions = numbers[2] else { break }
            return answer(rd_kafka_mock_topic_create(cluster, words[1], partitions, 3))
        case ("broker", 3):
            guard let broker = numbers[2] else { break }
            if words[1] == "down" { return answer(rd_kafka_mock_broker_set_down(cluster, broker)) }
            if words[1] == "up" { return answer(rd_kafka_mock_broker_set_up(cluster, broker)) }
        case ("leader", 4):
            guard let partition = numbers[2], let broker = numbers[3] else { break }
            return answer(rd_kafka_mock_partition_set_leader(cluster, words[1], partition, broker))
        case ("error", 4):
            guard let key = Int16(words[1]), let code = numbers[2], let count = Int(words[3]), (1...100_000).contains(count) else { break }
            let errors = [rd_kafka_resp_err_t](repeating: rd_kafka_resp_err_t(rawValue: code), count: count)
            rd_kafka_mock_push_request_errors_array(cluster, key, count, errors)
            return "ok"
        case ("clear", 2):
            guard let key = Int16(words[1]) else { break }
            rd_kafka_mock_clear_request_errors(cluster, key)
            return "ok"
        case ("topicerror", 3):
            guard let code = numbers[2] else { break }
            rd_kafka_mock_topic_set_error(cluster, words[1], rd_kafka_resp_err_t(rawValue: code))
            return "ok"
        case ("rtt", 3):
            guard let broker = numbers[1], let milliseconds = numbers[2] else { break }
            return answer(rd_kafka_mock_broker_set_rtt(cluster, broker, milliseconds))
        case ("coordinator", 4):
            guard let broker = numbers[3] else { break }
            return answer(rd_kafka_mock_coordinator_set(cluster, words[1], words[2], broker))
        default: break
        }
        return "unknown command"
    }

    private func answer(_ code: rd_kafka_resp_err_t) -> String {
        code == RD_KAFKA_RESP_ERR_NO_ERROR ? "ok" : "error \(rd_kafka_err2name(code).map { String(cString: $0) } ?? "")"
    }
}
