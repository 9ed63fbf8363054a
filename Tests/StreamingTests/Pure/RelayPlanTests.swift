import EventStore
import Streaming
import TestSupport
import Testing

/// What a relay does next, whatever happened.
@Suite(.timeLimit(.minutes(30))) struct RelayPlanTests {
    private func checkpoint(_ position: Int64, command: Int64 = 0) throws -> ReplicationCheckpoint {
        var frontier = MerkleFrontier()
        for number in 0..<position { frontier.append(Hash256.of([UInt8(truncatingIfNeeded: number)])) }
        return try #require(ReplicationCheckpoint(cursor: LogCursor(position: position, command: command), frontier: frontier))
    }

    private func end(_ position: Int64, epoch: Int64, command: Int64 = 0, writerAt: Int64? = nil) throws -> TopicEnd {
        TopicEnd(epoch: epoch, checkpoint: try checkpoint(position, command: command), writerAt: writerAt, keysThrough: 0, offset: 9)
    }

    @Test func `an empty topic gets the whole log`() throws {
        var plan = RelayPlan(epoch: 3)
        #expect(plan.step == .takeOver)
        plan.completed(.tookOver, epoch: 3)
        #expect(plan.step == .findEnd)
        plan.completed(.foundEnd(nil), epoch: 3)
        #expect(plan.step == .handOver(after: ReplicationCheckpoint()))
        plan.completed(.handedOver(try checkpoint(5)), epoch: 3)
        #expect(plan.step == .handOver(after: try checkpoint(5)))
        plan.completed(.nothingNew, epoch: 3)
        #expect(plan.step == .wait(after: try checkpoint(5)))
        plan.completed(.waited, epoch: 3)
        #expect(plan.step == .handOver(after: try checkpoint(5)))
    }

    @Test func `a transaction whose fate is not known is looked up`() throws {
        var plan = RelayPlan(epoch: 3)
        plan.completed(.tookOver, epoch: 3)
        plan.completed(.foundEnd(try end(5, epoch: 2)), epoch: 3)
        plan.completed(.unsure, epoch: 3)
        #expect(plan.step == .pause(failures: 1))
        plan.completed(.paused, epoch: 3)
        #expect(plan.step == .takeOver)
        plan.completed(.tookOver, epoch: 3)
        // It had counted.
        plan.completed(.foundEnd(try end(8, epoch: 3)), epoch: 3)
        #expect(plan.step == .handOver(after: try checkpoint(8)))
    }

    @Test func `a transaction that was taken back is repeated, more slowly each time`() throws {
        var plan = RelayPlan(epoch: 3)
        plan.completed(.tookOver, epoch: 3)
        plan.completed(.foundEnd(try end(5, epoch: 3)), epoch: 3)
        for failures in 1...4 {
            plan.completed(.failed, epoch: 3)
            #expect(plan.step == .pause(failures: failures))
            plan.completed(.paused, epoch: 3)
            #expect(plan.step == .handOver(after: try checkpoint(5)))
        }
        plan.completed(.handedOver(try checkpoint(6)), epoch: 3)
        #expect(plan.failures == 0)
    }

    @Test(arguments: [(2, 3), (3, 3), (1 << 32, 1 << 32 + 4)] as [(Int64, Int64)])
    func `the same line of writers goes on where it was`(found: Int64, own: Int64) throws {
        var plan = RelayPlan(epoch: own)
        plan.completed(.tookOver, epoch: own)
        plan.completed(.foundEnd(try end(5, epoch: found, command: 7, writerAt: 2)), epoch: own)
        #expect(plan.step == .handOver(after: try checkpoint(5, command: 7)))
        #expect(plan.writerAt == 2)
    }

    @Test(arguments: [(4, 3), (1 << 32, 7)] as [(Int64, Int64)]) func `a writer that was replaced stops`(found: Int64, own: Int64) throws {
        var plan = RelayPlan(epoch: own)
        plan.completed(.tookOver, epoch: own)
        plan.completed(.foundEnd(try end(5, epoch: found)), epoch: own)
        #expect(plan.step == .stop(StreamingError(.replaced, "")))
    }

    @Test func `a writer of another line announces itself, and hands all commands over again`() throws {
        let own: Int64 = 1 << 32
        var plan = RelayPlan(epoch: own)
        plan.completed(.tookOver, epoch: own)
        plan.completed(.foundEnd(try end(5, epoch: 3, command: 7)), epoch: own)
        guard case .announce(let writer) = plan.step else {
            Issue.record("\(plan.step)")
            return
        }
        #expect(writer.epoch == own && writer.previousEpoch == 3 && writer.position == 5)
        #expect(writer.previousCheckpoint?.cursor.command == 7 && writer.checkpoint.cursor.command == 0)
        plan.completed(.announced(at: 12), epoch: own)
        #expect(plan.step == .handOver(after: try checkpoint(5)) && plan.writerAt == 12)
    }

    @Test(arguments: [3, 9] as [Int64]) func `who is fenced off learns from the topic by whom, and stops`(found: Int64) throws {
        var plan = RelayPlan(epoch: 3)
        plan.completed(.tookOver, epoch: 3)
        plan.completed(.foundEnd(nil), epoch: 3)
        plan.completed(.fenced, epoch: 3)
        #expect(plan.step == .findEnd)
        // Not by taking over again, even if the topic cannot be read at once.
        plan.completed(.unsure, epoch: 3)
        plan.completed(.paused, epoch: 3)
        #expect(plan.step == .findEnd)
        plan.completed(.foundEnd(try end(5, epoch: found)), epoch: 3)
        #expect(plan.step == .stop(StreamingError(found == 3 ? .fenced : .replaced, "")))
    }

    /// A topic and a network that fails at random: what was handed over is the log, each piece once as far as the topic counts.
    @Test(arguments: 400..<500 as Range<UInt64>) func `whatever fails, the topic gets every position once and in order`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let last: Int64 = 60
        var topic: Int64 = 0
        var plan = RelayPlan(epoch: 3)
        for _ in 0..<10_000 {
            let chance = Int.random(in: 0..<6, using: &random)
            switch plan.step {
            case .takeOver: plan.completed(chance == 0 ? .unsure : .tookOver, epoch: 3)
            case .findEnd: plan.completed(chance == 0 ? .unsure : .foundEnd(topic == 0 ? nil : try end(topic, epoch: 3)), epoch: 3)
            case .handOver(let after):
                #expect(after.cursor.position == topic, "seed \(seed)")
                guard topic < last else {
                    plan.completed(.nothingNew, epoch: 3)
                    continue
                }
                let next = min(last, topic + Int64.random(in: 1...5, using: &random))
                // Taken back; unsure and counted; unsure and not.
                switch chance {
                case 0: plan.completed(.failed, epoch: 3)
                case 1:
                    topic = next
                    plan.completed(.unsure, epoch: 3)
                case 2: plan.completed(.unsure, epoch: 3)
                default:
                    topic = next
                    plan.completed(.handedOver(try checkpoint(next)), epoch: 3)
                }
            case .wait: return
            case .pause: plan.completed(.paused, epoch: 3)
            case .announce, .stop:
                Issue.record("seed \(seed): \(plan.step)")
                return
            }
        }
        Issue.record("seed \(seed): it came to no end")
    }
}
