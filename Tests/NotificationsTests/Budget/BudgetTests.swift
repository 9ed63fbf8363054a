import Foundation
import Testing

/// How often people are told something in a month of a territory where all works.
@Suite("A simulated month of messages", .timeLimit(.minutes(30)))
struct BudgetTests {
    private static let isLong = ProcessInfo.processInfo.environment["RELAIS_LONG"] == "1"
    /// `RELAIS_LONG=1` simulates whole months, of several territories.
    private static let days = isLong ? 30 : 8
    private static let seeds: ClosedRange<UInt64> = 1...(isLong ? 3 : 1)

    /// The second half apart: the first days of an empty territory are quiet ones.
    @Test(
        "Given a territory of this seed, when all its news are told, then half of all days on which somebody is told something have eight messages at most",
        arguments: seeds
    )
    func median(seed: UInt64) async throws {
        let month = try await SimulatedMonth(seed: seed, days: Self.days, inhabitants: 20_000)
        let told = try await month.tell()
        let counts = told.messages.values.sorted()
        let later = told.messages.filter { $0.key.day >= Self.days / 2 }.values.sorted()
        // A world in which nobody is told anything would keep every budget.
        #expect(counts.count > Self.days * 10 && later.count > Self.days * 5, "seed \(seed)")
        #expect(told.reminders > 0 && told.asking > 0, "seed \(seed)")
        #expect(quantile(counts, 50) <= 8, "seed \(seed): \(counts)")
        #expect(quantile(later, 50) <= 8, "seed \(seed): \(later)")
        let people = Dictionary(grouping: told.messages, by: \.key.recipient).mapValues { $0.map(\.value).sorted() }
        let busy = people.values.count { quantile($0, 50) > 8 }
        print(
            "messages a person and day, seed \(seed), \(Self.days) days: median \(quantile(counts, 50)), p90 \(quantile(counts, 90)), p99",
            "\(quantile(counts, 99)), most \(counts.last ?? 0); \(counts.reduce(0, +)) messages, \(told.asking) of offers, \(told.reminders) reminders;",
            "\(busy) of \(people.count) people have a median above 8"
        )
    }

    private func quantile(_ sorted: [Int], _ percent: Int) -> Int {
        sorted.isEmpty ? 0 : sorted[min(sorted.count - 1, sorted.count * percent / 100)]
    }
}
