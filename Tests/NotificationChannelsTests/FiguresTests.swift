import Foundation
import NotificationChannels
import Testing

/// Messages per second per channel against the peer on loopback, 8 in flight. `RELAIS_LONG=1 swift test --filter FiguresTests`.
@Suite(.serialized, .timeLimit(.minutes(30)), .enabled(if: ProcessInfo.processInfo.environment["RELAIS_LONG"] == "1", "RELAIS_LONG=1 measures"))
struct FiguresTests {
    @Test(arguments: Way.all) func messagesPerSecond(_ way: Way) async throws {
        try await withFolder { folder in
            let reachable = try await way.working(in: folder)
            _ = await reachable.channel.deliver(Sample.message(), to: reachable.address)
            let count = 1_000
            let began = ContinuousClock.now
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        for _ in 0..<(count / 8) {
                            let outcome = await reachable.channel.deliver(Sample.message(), to: reachable.address)
                            guard case .handedOver = outcome else {
                                Issue.record("\(outcome)")
                                continue
                            }
                        }
                    }
                }
            }
            let seconds = (ContinuousClock.now - began) / .seconds(1)
            print("figure: \(way.rawValue) \(Int(Double(count) / seconds)) messages/s (\(count) messages, 8 in flight)")
        }
    }
}
