/// What is counted of a period, in history or in one run.
struct WhatIfFigures: Sendable {
    var planned = 0
    /// One for each addressee.
    var offers = 0
    var withdrawalNotices = 0
    var escalationNotices = 0
    /// Times at which nobody was left to ask.
    var nobodyLeft = 0
    var done = 0
    /// By RPPS.
    var acceptances: [String: Int] = [:]
    /// From the planning to the first acceptance.
    var minutesToAcceptance: [Int64] = []

    var messages: Int { offers + withdrawalNotices + escalationNotices }
    var accepted: Int { acceptances.values.reduce(0, +) }

    /// 0 if nobody accepted anything.
    var medianMinutes: Double {
        let sorted = minutesToAcceptance.sorted()
        guard !sorted.isEmpty else { return 0 }
        return Double(sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
    }
}
