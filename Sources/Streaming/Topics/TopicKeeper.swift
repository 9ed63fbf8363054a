public import Kafka

/// Makes a territory's topics, and checks those that are there. Changes nothing of a topic that exists: partitions that are added later
/// would tear streams apart.
public struct TopicKeeper: Sendable {
    private let topics: Topics
    private let plan: TopicPlan
    private let administration: KafkaAdministration

    /// Settings whose difference loses events or keys that should stay.
    private static let severe: Set<String> = ["cleanup.policy", "retention.ms", "retention.bytes"]

    public init(topics: Topics, plan: TopicPlan = TopicPlan(), administration: KafkaAdministration) {
        self.topics = topics
        self.plan = plan
        self.administration = administration
    }

    /// Makes the topics that are missing, then checks all.
    ///
    /// - Throws: `KafkaError`; ``StreamingError`` `invalidRequest` for a partner's id.
    public func create(partners: [String] = []) async throws -> TopicReport {
        let wanted = try plan.specifications(topics, partners: partners)
        let outcomes = try await administration.createTopics(wanted)
        var created: [String] = []
        for specification in wanted {
            switch outcomes[specification.name] {
            case .success?: created.append(specification.name)
            case .failure(let error)? where error.code == .topicExists: continue
            case .failure(let error)?: throw error
            case nil: throw StreamingError(.topicMissing, "The cluster did not say whether it made \(specification.name): run init again.")
            }
        }
        var report = try await check(partners: partners)
        report.created = created
        return report
    }

    /// Compares what is there with the plan.
    ///
    /// - Throws: `KafkaError`; ``StreamingError`` `invalidRequest` for a partner's id.
    public func check(partners: [String] = []) async throws -> TopicReport {
        var report = TopicReport()
        for wanted in try plan.specifications(topics, partners: partners) {
            do {
                try compare(try await administration.topic(wanted.name), wanted, &report)
            } catch let error as KafkaError where error.code == .unknownTopic {
                report.findings.append(.init(topic: wanted.name, problem: "is missing: run `relais kafka init`", isSevere: true))
                continue
            }
            // A broker that does not tell of one topic does not of the next, and takes its time.
            guard report.unknown.isEmpty else {
                report.unknown.append(wanted.name)
                continue
            }
            do {
                compare(try await administration.settings(ofTopic: wanted.name), wanted, &report)
            } catch let error as KafkaError where [.unsupported, .authorization, .timedOut].contains(error.code) {
                report.unknown.append(wanted.name)
            }
        }
        return report
    }

    private func compare(_ found: KafkaTopic, _ wanted: KafkaTopicSpecification, _ report: inout TopicReport) throws {
        if found.partitions.count != wanted.partitions {
            // One writer, one order: the log and the keys have one partition each.
            let isSevere = wanted.partitions == 1
            let problem = "has \(found.partitions.count) partitions, \(wanted.partitions) were planned"
            report.findings.append(.init(topic: wanted.name, problem: problem, isSevere: isSevere))
        }
        if let copies = found.partitions.map(\.replicas.count).min(), wanted.replicationFactor > 0, copies < wanted.replicationFactor {
            let problem = "has \(copies) copies, \(wanted.replicationFactor) were planned"
            report.findings.append(.init(topic: wanted.name, problem: problem, isSevere: false))
        }
        for partition in found.partitions where partition.leader == nil {
            report.findings.append(.init(topic: wanted.name, problem: "partition \(partition.number) has no leader now", isSevere: false))
        }
    }

    private func compare(_ found: [KafkaTopicSetting], _ wanted: KafkaTopicSpecification, _ report: inout TopicReport) {
        for (name, value) in wanted.settings.sorted(by: { $0.key < $1.key }) {
            guard let setting = found.first(where: { $0.name == name }), let actual = setting.value, actual != value else { continue }
            let problem = "\(name) is \(actual), \(value) was planned"
            // What passes through may be kept for another time.
            let isPassing = name == "retention.ms" && value == "\(plan.partnerRetention)"
            report.findings.append(.init(topic: wanted.name, problem: problem, isSevere: Self.severe.contains(name) && !isPassing))
        }
    }
}
