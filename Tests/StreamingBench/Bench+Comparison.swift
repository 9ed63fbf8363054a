import EventStore
import Foundation
import Kafka
import Streaming
import Timekeeping

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

extension Bench {
    /// Of each transaction, the same for all, so that what is written to the file is what relays send.
    static let attempt: UInt64 = 0x0123_4567_89ab_cdef

    /// Writes all that a relay sends, then relays once for each line `BOOTSTRAP TERRITORY` of the input and answers with events a second.
    func compare(records path: String) async throws {
        try await fill()
        try writeRecords(to: path)
        say("ready")
        while let line = readLine() {
            let words = line.split(separator: " ").map(String.init)
            guard words.count == 2 else {
                say("not BOOTSTRAP TERRITORY")
                continue
            }
            var bench = self
            bench.configuration.bootstrap = words[0]
            bench.topics = try Topics(territory: words[1])
            let run = try await bench.relayed()
            say("\(Int(Double(run.events) / (run.duration / .seconds(1))))")
        }
    }

    /// As a relay of this log makes them, transaction after transaction.
    private func writeRecords(to path: String) throws {
        let settings = RelaySettings()
        var file = try RecordFile(path: path, topic: topics.events)
        var encoder = EventEncoder(topics: topics, identity: origin.identity)
        let others = LogRecordEncoder(topics: topics, identity: origin.identity)
        var source = try origin.replicationSource()
        while let batch = try source.next(limit: settings.batchLimit, byteLimit: settings.byteLimit) {
            let seal = BatchSeal(
                epoch: batch.epoch,
                attempt: Self.attempt,
                first: batch.first,
                last: batch.last,
                attachmentCount: 0,
                commandCount: batch.commands.count,
                rootHash: batch.rootHash,
                keysThrough: 0,
                writerAt: nil,
                recordedAt: batch.events.last?.recordedAt.millisecondsSinceEpoch ?? 0,
                checkpoint: source.checkpoint
            )
            try file.append(batch.events.map { encoder.record(of: $0, epoch: batch.epoch) })
            try file.append(batch.commands.map { others.record(of: .command($0, epoch: batch.epoch, attempt: Self.attempt)) })
            try file.append([others.record(of: .batch(seal))])
        }
        try file.close()
    }

    /// At once: whoever drives us reads from a pipe.
    private func say(_ line: String) {
        print(line)
        fflush(nil)
    }
}
