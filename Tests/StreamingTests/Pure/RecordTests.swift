import EventStore
import Kafka
import Sealing
import Streaming
import TestSupport
import Testing
import Timekeeping

/// What is written to topics is read again to the last bit.
@Suite(.timeLimit(.minutes(30))) struct RecordTests {
    let topics: Topics

    init() throws { topics = try Topics(territory: "demo") }

    private func exact(_ instant: Instant) -> [Int64] { [instant.millisecondsSinceEpoch, Int64(instant.offsetMinutes)] }

    @Test(arguments: [1, 2, 3] as [UInt64]) func `an event comes back as it was, whatever its times and texts`(seed: UInt64) throws {
        var made = Made(seed: seed)
        var encoder = EventEncoder(topics: topics, identity: "test")
        var decoder = EventDecoder(identity: "test")
        for position in 1...2_000 {
            let event = made.event(position: Int64(position), extreme: true, attachment: made.maybe { $0.bytes(4) })
            let epoch = Int64.random(in: 0...Int64.max, using: &made.random)
            let record = encoder.record(of: event, epoch: epoch)
            #expect(record.key == Array(event.stream.hex.utf8) && record.topic == "relais.demo.events")
            let read = try decoder.event(of: record.message(offset: 7))
            #expect(read == EventRecord(event: event, epoch: epoch), "seed \(seed)")
            #expect(exact(read.event.time) == exact(event.time) && exact(read.event.recordedAt) == exact(event.recordedAt), "seed \(seed)")
        }
    }

    @Test func `an event carries the attributes of CloudEvents as text`() throws {
        var made = Made(seed: 4)
        var event = made.event(position: 41)
        event.type = "fr.relais.pathway.patient-discharged.v1"
        event.time = at("2026-11-22T08:30:00+01:00")
        event.recordedAt = at("2026-11-22T07:31:00.250Z")
        var encoder = EventEncoder(topics: topics, identity: "cpts-demo")
        let record = encoder.record(of: event, epoch: 3)
        let headers = record.message(offset: 0)
        #expect(headers.header("ce_specversion") == "1.0")
        #expect(headers.header("ce_id") == event.id.description)
        #expect(headers.header("ce_source") == event.source)
        #expect(headers.header("ce_type") == event.type)
        #expect(headers.header("ce_subject") == event.stream.hex)
        #expect(headers.header("ce_time") == "2026-11-22T08:30:00+01:00")
        #expect(headers.header("ce_recordedtime") == "2026-11-22T07:31:00.250Z")
        #expect(headers.header("ce_dataschema") == EventSchema.url(forType: event.type))
        #expect(headers.header("content-type") == "application/json")
        #expect(headers.header("ce_position") == "41" && headers.header("ce_version") == "\(event.version)")
        #expect(headers.header("ce_leafhash") == event.leafHash.hex && headers.header("ce_territory") == "cpts-demo")
        #expect(headers.header("ce_keyid") == event.keyID && headers.header("ce_actor") == event.actor)
        #expect(headers.header("ce_causationid") == event.causation?.description)
        #expect(record.timestamp == event.recordedAt.millisecondsSinceEpoch && record.value == event.payload)
        // CloudEvents 1.0: attribute names are lower-case letters and digits.
        for header in record.headers where header.name.hasPrefix("ce_") {
            #expect(header.name.dropFirst(3).allSatisfy { ("a"..."z").contains($0) || ("0"..."9").contains($0) })
        }
    }

    @Test(arguments: [5, 6] as [UInt64]) func `records of the log come back as they were`(seed: UInt64) throws {
        var made = Made(seed: seed)
        let encoder = LogRecordEncoder(topics: topics, identity: "test")
        var decoder = LogRecordDecoder(identity: "test")
        var frontier = MerkleFrontier()
        for position in 1...500 as ClosedRange<Int64> {
            frontier.append(made.hash())
            let (epoch, attempt) = (Int64.random(in: 0...Int64.max, using: &made.random), made.random.next())
            let cursor = LogCursor(position: position, command: Int64.random(in: 0...Int64.max, using: &made.random))
            let checkpoint = try #require(ReplicationCheckpoint(cursor: cursor, frontier: frontier))
            let seal = BatchSeal(
                epoch: epoch,
                attempt: attempt,
                first: Int64.random(in: 1...position + 1, using: &made.random),
                last: position,
                attachmentCount: Int.random(in: 0...100, using: &made.random),
                commandCount: Int.random(in: 0...100, using: &made.random),
                rootHash: frontier.root,
                keysThrough: Int64.random(in: 0...100, using: &made.random),
                writerAt: made.maybe { Int64.random(in: 0...100, using: &$0.random) },
                recordedAt: position,
                checkpoint: checkpoint
            )
            let writer = WriterAnnouncement(
                epoch: epoch,
                checkpoint: checkpoint,
                previousEpoch: made.maybe { Int64.random(in: 0...100, using: &$0.random) },
                previousCheckpoint: made.maybe { _ in checkpoint },
                previousAt: made.maybe { Int64.random(in: 0...100, using: &$0.random) }
            )
            let records: [LogRecord] = [
                .attachment(ReplicatedAttachment(position: position, bytes: made.bytes(20)), epoch: epoch, attempt: attempt),
                .command(made.command(position: position), epoch: epoch, attempt: attempt), .batch(seal), .writer(writer),
            ]
            for record in records {
                #expect(try decoder.record(of: encoder.record(of: record).message(offset: position)) == record, "seed \(seed)")
            }
        }
    }

    @Test func `a key comes back as it was, a destroyed one as a tombstone`() throws {
        var made = Made(seed: 7)
        let codec = KeyRecordCodec(topics: topics, identity: "test")
        for _ in 0..<200 {
            let key = WrappedKey(
                id: "k" + String(made.random.next(), radix: 36),
                stream: made.stream(),
                patient: made.maybe { $0.stream() },
                createdAt: Instant(millisecondsSinceEpoch: Int64.random(in: 0...2_000_000_000_000, using: &made.random)),
                masterID: "0123456789abcdef",
                wrapped: made.bytes(60)
            )
            for record in [KeyRecord.key(key), .destroyed(id: key.id), .marker] {
                let sent = try codec.record(of: record)
                #expect(try codec.record(of: sent.message(offset: 1)) == record)
                #expect((sent.value == nil) == (record == .destroyed(id: key.id)))
            }
        }
    }

    @Test(arguments: [8, 9] as [UInt64]) func `a damaged record is refused or read, and nothing traps`(seed: UInt64) throws {
        var made = Made(seed: seed)
        var encoder = EventEncoder(topics: topics, identity: "test")
        var decoder = EventDecoder(identity: "test")
        let logEncoder = LogRecordEncoder(topics: topics, identity: "test")
        var logDecoder = LogRecordDecoder(identity: "test")
        let codec = KeyRecordCodec(topics: topics, identity: "test")
        var refused = 0
        for position in 1...3_000 as ClosedRange<Int64> {
            var records = [encoder.record(of: made.event(position: position), epoch: 1)]
            records.append(logEncoder.record(of: .command(made.command(position: position), epoch: 1, attempt: 2)))
            for var record in records {
                guard let index = record.headers.indices.randomElement(using: &made.random) else { continue }
                switch Int.random(in: 0..<4, using: &made.random) {
                case 0: record.headers.remove(at: index)
                case 1: record.headers[index].value = nil
                case 2: record.headers[index].value = made.bytes(Int.random(in: 0...40, using: &made.random))
                default: record.headers[index].value?.append(UInt8.random(in: 0...255, using: &made.random))
                }
                let message = record.message(offset: 1)
                do throws(StreamingError) {
                    if record.topic == topics.log { _ = try logDecoder.record(of: message) } else { _ = try decoder.event(of: message) }
                } catch {
                    refused += 1
                    #expect(error.code == .malformedRecord || error.code == .wrongTerritory, "seed \(seed)")
                }
            }
            let key = KafkaMessage(topic: topics.keys, partition: 0, offset: 1, key: made.bytes(4), value: made.bytes(20))
            #expect(throws: StreamingError.self) { try codec.record(of: key) }
        }
        #expect(refused > 1_000)
    }

    @Test(arguments: ["", "Demo", "a.b", "démo", "a_b", String(repeating: "a", count: 65)])
    func `a territory's code that would not do in a topic's name is refused`(code: String) {
        #expect(throws: StreamingError.self) { try Topics(territory: code) }
    }
}
