extension WhatIfReport {
    /// How many professionals are named.
    private static let shown = 10

    /// For people at a terminal.
    public var text: String {
        let place = versionInForce.map { "in place of version \($0)" } ?? "which was not in force"
        var lines = [
            "what if         \(protocolID) version \(protocolVersion), \(change.isEmpty ? "as it was in force" : place)",
            "period          \(from) to \(to)",
            "made again      \(differences) differences in \(decisions) decisions (\(events) events, byte for byte)",
        ]
        if weighedAsRecorded > 0 {
            lines.append("                \(weighedAsRecorded) with the loads that they say they weighed: erased patients count no more")
        }
        if pathwaysLeftOut > 0 { lines.append("left out        \(pathwaysLeftOut) pathways of erased patients, with \(decisionsLeftOut) decisions") }
        lines.append("estimate        \(draws) draws, seed \(seed); 95 % of the differences lie in [ ; ]")
        lines.append("                An estimate: nobody knows what would have been.")
        if !change.isEmpty { lines.append("changes         \(change.map(Self.brief).joined(separator: ", "))") }
        lines += ["", Self.row("", "history", "in force", "changed", "difference")]
        lines += measures.map(Self.row)
        lines += ["", "late visits avoided  \(Self.written(avoided))", "late visits added    \(Self.written(added))"]
        if !loads.isEmpty {
            lines += ["", Self.row("acceptances by", "history", "in force", "changed", "difference")]
            lines += loads.prefix(Self.shown).map(Self.row)
            if loads.count > Self.shown { lines.append("and \(loads.count - Self.shown) professionals of whom less changes; --json names all") }
        }
        lines += ["", "It rests on this:"] + assumptions.map { "- \($0)" }
        return lines.joined(separator: "\n")
    }

    /// A line of the change without what the rule says: `~ rule nurse-first-visit`.
    private static func brief(_ line: String) -> String { String(line.prefix { $0 != ":" }) }

    private static func row(_ measure: Measure) -> String {
        row(measure.name, number(measure.history), number(measure.inForce), number(measure.changed), written(measure.difference))
    }

    private static func row(_ name: String, _ history: String, _ inForce: String, _ changed: String, _ difference: String) -> String {
        padded(name, 29, left: true) + padded(history, 9) + padded(inForce, 10) + padded(changed, 9) + "  " + difference
    }

    private static func padded(_ text: String, _ width: Int, left: Bool = false) -> String {
        let space = String(repeating: " ", count: max(width - text.count, 0))
        return left ? text + space : space + text
    }

    private static func written(_ estimate: Estimate) -> String {
        "\(signed(estimate.mean)) [\(signed(estimate.low)); \(signed(estimate.high))]"
    }

    private static func number(_ value: Double) -> String { value == value.rounded() ? "\(Int(value))" : "\(value)" }
    private static func signed(_ value: Double) -> String { (value > 0 ? "+" : "") + number(value) }
}
