import EventStore
import Kafka
import Testing
import Timekeeping

@testable import Streaming

/// What a partner's topic says, and where answers go.
@Suite struct PartnerRecordTests {
    let topics: Topics
    let records: PartnerRecords

    init() throws {
        topics = try Topics(territory: "demo")
        records = PartnerRecords(topic: try topics.partner("pharmacie"), territory: "demo")
    }

    private func document(_ number: Int, subject: String? = "aa") -> PartnerDocument {
        // 2026-11-22T08:30:00+01:00
        let time = Instant(millisecondsSinceEpoch: 1_795_332_600_000, offsetMinutes: 60)
        return PartnerDocument(id: "id-\(number)", subject: subject, type: "fr.relais.test.v1", time: time, body: [UInt8(truncatingIfNeeded: number)])
    }

    @Test func `a record is a CloudEvent with the key of its subject`() throws {
        var made = Made(seed: 1)
        let event = made.event(position: 41)
        let record = try #require(records.records(of: [document(7)], event).first)
        #expect(record.topic == "relais.demo.partner.pharmacie" && record.partition == 0)
        #expect(record.key == Array("aa".utf8) && record.value == [7])
        let message = record.message(offset: 0)
        #expect(message.header("ce_id") == "id-7" && message.header("ce_subject") == "aa" && message.header("ce_position") == "41")
        #expect(message.header("ce_time") == "2026-11-22T08:30:00+01:00" && message.header("ce_source") == "urn:relais:demo")
        #expect(Set(record.headers.map(\.name)).count == record.headers.count)
        #expect(records.records(of: [document(7, subject: nil)], event).first?.key == nil)
    }

    @Test(arguments: 1...4) func `the last record tells whether all of its event is there`(count: Int) throws {
        var made = Made(seed: 2)
        let event = made.event(position: 9)
        let all = records.records(of: (0..<count).map { document($0) }, event)
        for (index, record) in all.enumerated() {
            let end = try #require(PartnerRecords.end(in: record.message(offset: Int64(index))))
            #expect(end == PartnerTopicEnd(position: 9, event: event.id, isWhole: index == count - 1))
        }
    }

    @Test(arguments: ["ce_position", "relais_event", "relais_index", "relais_count"])
    func `a record that is none of ours says nothing`(missing: String) throws {
        var made = Made(seed: 3)
        var message = try #require(records.records(of: [document(1)], made.event(position: 3)).first).message(offset: 0)
        let whole = message.headers
        message.headers.removeAll { $0.name == missing }
        #expect(PartnerRecords.end(in: message) == nil)
        for junk in ["", "-1", "x", "99999999999999999999", "\u{0}"] {
            message.headers = whole.map { $0.name == missing ? KafkaHeader(missing, text: junk) : $0 }
            #expect(PartnerRecords.end(in: message) == nil, "\(missing): \(junk)")
        }
        message.headers = [KafkaHeader(missing, nil)]
        #expect(PartnerRecords.end(in: message) == nil)
    }

    @Test func `names of partners stay within their territory`() throws {
        #expect(try topics.answers(to: "pharmacie") == "relais.demo.answers.pharmacie")
        for id in ["", "Été", "a.b", "a/b", String(repeating: "a", count: 65)] {
            #expect(throws: StreamingError(.invalidRequest, "")) { try topics.answers(to: id) }
        }
        #expect(topics.intakeTransactionalID != topics.transactionalID)
        let names = try TopicPlan().specifications(topics, partners: ["pharmacie"]).map(\.name)
        #expect(names.suffix(2) == ["relais.demo.partner.pharmacie", "relais.demo.answers.pharmacie"])
    }

    // MARK: - Answers

    private func message(replyTo: KafkaHeader? = nil, key: [UInt8]? = [1]) -> KafkaMessage {
        KafkaMessage(topic: topics.intake, partition: 2, offset: 5, key: key, value: [], headers: replyTo.map { [$0] } ?? [])
    }

    @Test func `an answer goes where its sender may ask for it, and nowhere else`() throws {
        let answers = AnswerRecord(topics: topics)
        let known = IntakeAnswer(status: 200, headers: [KafkaHeader("content-type", text: "x")], body: [9], partner: "pharmacie")
        let own = KafkaHeader("reply-to", text: "relais.demo.answers.pharmacie")
        let record = answers.record(of: known, to: message(replyTo: own))
        #expect(record.topic == "relais.demo.answers.pharmacie" && record.key == [1] && record.value == [9])
        let told = record.message(offset: 0)
        #expect(told.header("relais_status") == "200" && told.header("relais_intake") == "2/5" && told.header("relais_partner") == "pharmacie")
        #expect(told.header("content-type") == "x")
        #expect(answers.record(of: known, to: message()).topic == topics.answers)
        #expect(answers.record(of: known, to: message(replyTo: own), isCommon: true).topic == topics.answers)
        #expect(answers.record(of: IntakeAnswer(status: 401, body: []), to: message(replyTo: own)).topic == topics.answers, "nobody knows who it is")
        #expect(answers.record(of: known, to: message(key: nil)).key == nil)
        #expect(answers.accepts(message(), from: "pharmacie") && answers.accepts(message(replyTo: own), from: "pharmacie"))
        #expect(answers.accepts(message(replyTo: KafkaHeader("reply-to", text: topics.answers)), from: "pharmacie"))
        let refused = [
            KafkaHeader("reply-to", text: "relais.demo.answers.autre"), KafkaHeader("reply-to", text: topics.events),
            KafkaHeader("reply-to", text: ""),
            KafkaHeader("reply-to", nil), KafkaHeader("reply-to", [0xFF, 0xFE]),
        ]
        for header in refused {
            #expect(!answers.accepts(message(replyTo: header), from: "pharmacie"))
            #expect(answers.record(of: known, to: message(replyTo: header)).topic == topics.answers)
        }
        #expect(!answers.accepts(message(replyTo: own), from: "É"))
    }
}
