/// What a protocol and each of its rules may say of how professionals are asked, and who more is told.
extension MappingReader {
    /// Nil when the key is absent or a problem was reported.
    func solicitation() -> SolicitationPolicy? {
        guard has("solicitation"), let reader = mapping("solicitation", keys: ["aloneMinutes", "waveSize", "waveMinutes"]) else { return nil }
        let aloneMinutes = reader.integer("aloneMinutes", in: 1...43_200)
        let waveSize = reader.integer("waveSize", in: 1...20)
        let waveMinutes = reader.integer("waveMinutes", in: 1...43_200)
        guard let aloneMinutes, let waveSize, let waveMinutes else { return nil }
        return SolicitationPolicy(aloneMinutes: aloneMinutes, waveSize: waveSize, waveMinutes: waveMinutes)
    }

    /// Nil when the key is absent or a problem was reported.
    func escalation() -> [EscalationStep]? {
        guard has("escalation") else { return nil }
        var steps: [EscalationStep] = []
        for reader in mappings("escalation", keys: ["afterDueMinutes", "target"], atLeast: 1, atMost: 10) {
            let minutes = reader.integer("afterDueMinutes", in: -527_040...527_040)
            let target = reader.value(
                "target",
                EscalationStep.Target.allCases.map(\.rawValue).joined(separator: ", "),
                make: EscalationStep.Target.init(rawValue:)
            )
            guard let minutes, let target else { return nil }
            if let last = steps.last, minutes <= last.afterDueMinutes {
                reader.report("afterDueMinutes", "the step comes before, or with, the one above", write: "the steps in the order of time")
                return nil
            }
            steps.append(EscalationStep(afterDueMinutes: minutes, target: target))
        }
        return steps.isEmpty ? nil : steps
    }
}
